"""One module per command of `askdesk`: its words and its work. Each has a Typer `app`, which `bot.cli` adds.

`askdesk --help` imports all of them, so each imports what its work needs inside the functions that do it.
"""
