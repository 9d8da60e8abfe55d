"""What the commands share: the console, the database around a job, a report's tables, the forced exit."""
