"""The figures that managers read: what each counts (`definitions`), summed (`tally`), over which days (`period`).

Pure: facts about cases in, figures out. `storage.reports.figures` gets the same sums from the database.
"""
