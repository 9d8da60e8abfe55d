"""Keeps other web pages out, and says in a sentence what is not there.

The sandbox listens on loopback only, but a browser on this machine carries any page's requests there. So every
request must call this machine by a name of its own (a foreign name that leads here is a DNS trick), and come from the
sandbox's own page or from no page at all. Browsers say which in `Sec-Fetch-Site`, which no page can forge
(https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site), and mostly in `Origin`; bots send
neither.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from aiohttp import web

_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_ANOTHER_PAGE = "Only the sandbox's own page may do that; this request comes from another one."

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def reason_against(request: web.Request) -> str | None:
    """Why a request is refused; None where it is welcome."""
    if not _LOOPBACK.fullmatch(request.host):
        return f"The sandbox answers at 127.0.0.1 and localhost only, not at {request.host}."
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none") and not _is_link(request):
        return _ANOTHER_PAGE
    origin = request.headers.get("Origin")
    # A bot's WebSocket needs a ticket, and some libraries send an Origin of their own making there.
    if origin is None or request.path.startswith("/link/"):
        return None
    return None if origin.lower() == f"http://{request.host}".lower() else _ANOTHER_PAGE


def _is_link(request: web.Request) -> bool:
    """Whether somebody follows a link to the page. It opens in a window of its own, and does nothing by itself."""
    how = (request.headers.get("Sec-Fetch-Mode"), request.headers.get("Sec-Fetch-Dest"))
    return (request.method, request.path, *how) == ("GET", "/", "navigate", "document")


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse with 403, or serve; what is not there is answered with a sentence."""
    if (reason := reason_against(request)) is not None:
        return _no(request, 403, reason)
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return _no(request, 404, f"There is nothing at {request.path}. The page is at /.")
    except web.HTTPMethodNotAllowed as error:
        ways = " or ".join(sorted(error.allowed_methods - {"HEAD"}))
        return _no(request, 405, f"{request.path} takes {ways}, not {request.method}.")


def _no(request: web.Request, status: int, sentence: str) -> web.Response:
    headers = {"X-Content-Type-Options": "nosniff"}
    if request.path.startswith("/control/"):
        return web.json_response({"ok": False, "error": sentence}, status=status, headers=headers)
    return web.Response(text=sentence + "\n", status=status, headers=headers)
