"""Personal data: sealed with the key, deleted after the retention or on request, and removed from messages and files."""
