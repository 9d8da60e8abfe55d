"""What people see and click in Slack: the desk, its views and listeners, the settings and the command line."""
