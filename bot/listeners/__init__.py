"""What Slack sends, passed on: each listener parses, calls, answers; none holds a rule or a query."""
