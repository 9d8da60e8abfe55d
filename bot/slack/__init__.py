"""Talks to Slack: Web API calls, Socket Mode, HTTP requests, and the checks of what comes in."""
