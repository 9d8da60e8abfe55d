"""Posts what the outbox holds: messages, reports with their charts, files."""
