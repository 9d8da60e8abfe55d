"""The numbers that managers read: what each counts (`definitions`), summed (`tally`), over which days (`period`).

Pure: facts about cases in, figures out. `storage.figures` asks the database for the same sums.
"""
