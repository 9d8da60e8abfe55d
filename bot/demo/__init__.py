"""The demo: a contact centre on the stand-in workspace. Only here do the bot and the sandbox come together."""
