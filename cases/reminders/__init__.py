"""What the bot does by itself: reminders, and the posts that come round with a shift or a day."""
