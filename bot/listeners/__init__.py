"""What Slack sends, handed to the desk: each listener parses, calls, answers; none holds a rule or a query."""
