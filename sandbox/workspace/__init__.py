"""The workspace itself: who and what is in it, what happens, and whom Slack tells of it."""
