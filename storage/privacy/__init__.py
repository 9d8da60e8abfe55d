"""Personal data: sealed with the key, blanked after the retention or on request, and gone from messages and files."""
