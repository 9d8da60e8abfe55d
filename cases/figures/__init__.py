"""The numbers that managers read: what each counts (`definitions`), summed (`tally`), over which days (`period`).

Pure: facts about cases in, figures out. `storage.reports.figures` asks the database for the same sums.
"""
