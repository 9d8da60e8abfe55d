"""HTTP as the bot serves it: one server with deadlines and a limit on connections, for Slack and for the monitor."""
