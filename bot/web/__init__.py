"""The bot's HTTP server, with deadlines and a limit on connections, for Slack and for the monitor."""
