"""One module per command of `askdesk`: a function with its words, its help and its work, which `bot.cli` names.

`askdesk --help` imports all of them, so each imports what its work needs inside the functions that do it.
"""
