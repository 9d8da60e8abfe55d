"""The Web API's methods, by family. `METHODS` maps a method's name to the function that carries it out."""

from sandbox.api import chat, conversations, directory, files, views
from sandbox.api.call import Call, Handler

METHODS: dict[str, Handler] = {
    **chat.METHODS,
    **conversations.METHODS,
    **directory.METHODS,
    **files.METHODS,
    **views.METHODS,
}

__all__ = ["METHODS", "Call", "Handler"]
