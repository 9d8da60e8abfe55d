"""The desk under kills, and how it stops."""
