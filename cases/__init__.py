"""The rules: what a case is and what may happen to it.

Pure: no clock, no I/O, no framework. Every function that needs the time is handed an aware instant.
"""
