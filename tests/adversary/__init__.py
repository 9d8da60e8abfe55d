"""Forged, mutated and hostile input: nothing is done, shown or stored, nothing breaks, and the bot lives on."""
