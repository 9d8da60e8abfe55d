"""The web page: `/` and the files it is made of, served as they lie beside this module."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

STATIC = Path(__file__).with_name("static").resolve()

TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' https: data:",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""What the page may load and do. Bots' images may come from anywhere, scripts and styles from here only."""

HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def routes() -> list[web.RouteDef]:
    """The page's addresses."""
    return [web.get("/", _index), web.get("/page/{path:.*}", _file)]


async def _index(request: web.Request) -> web.Response:
    return _served("index.html")


async def _file(request: web.Request) -> web.Response:
    return _served(request.match_info["path"])


def _served(path: str) -> web.Response:
    try:
        file = (STATIC / path).resolve()
        content_type = TYPES[file.suffix]
        if not file.is_relative_to(STATIC) or not file.is_file():
            raise web.HTTPNotFound
    except (KeyError, ValueError, OSError):  # a kind that the page has not, a NUL, a name that is too long
        raise web.HTTPNotFound from None
    charset = "utf-8" if content_type.startswith("text/") else None
    return web.Response(body=file.read_bytes(), content_type=content_type, charset=charset, headers=HEADERS)
