"""What people see and click in Slack: the app, its views and listeners, the settings and the command line."""
