"""The running bot, put together."""
