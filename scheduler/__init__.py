"""What happens by itself: reminders that come due, and the delivery of what must be seen."""
