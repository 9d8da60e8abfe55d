"""One module per command of `askdesk`: its words, its help and its work. `bot.cli` lists them.

`askdesk --help` imports all of them, so each imports what its work needs inside its functions.
"""
