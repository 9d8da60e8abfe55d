"""What the outbox says in Slack: messages, reports with their charts, files."""
