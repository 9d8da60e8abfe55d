"""What people see in Slack: pure functions from values to Block Kit. They know no clock, no store and no client."""
