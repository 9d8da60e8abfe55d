"""The way to Slack and from it: calls, sockets, who may knock, Bolt's app."""
