"""What people see of each move: its button, its form and how it is read, the use case it calls, and its line in the thread.

One module for each family of moves; `registry` puts them together.
"""
