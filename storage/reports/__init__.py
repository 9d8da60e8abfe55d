"""What is read from the cases as a whole: figures, exports, call volume, and how much waits."""
