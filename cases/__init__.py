"""The rules: what a case is and what may happen to it.

Pure: no clock, no I/O, no framework. Functions that need the time take an aware instant.
"""
