"""What is read across cases: figures, exports, call volume, and the backlog."""
