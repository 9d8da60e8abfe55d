"""The outbox: what is due becomes a notice, a notice is claimed by one bot, and what became of it is settled."""
