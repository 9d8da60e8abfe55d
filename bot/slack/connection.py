"""One WebSocket to Slack: it is read, its pings are answered, and its own pongs are watched."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import structlog
from aiohttp import WSMessage, WSMsgType

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

Envelope = dict[str, Any]

_END = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)
_STOOD_STILL = 1.0
_CLOSE_WITHIN = 1.0


class Connection:
    """Reads until the connection ends; hands each envelope to `take`, which must not wait.

    `why` says how it ended, or why Slack wants it replaced.
    """

    def __init__(
        self,
        ws: aiohttp.ClientWebSocketResponse,
        name: str,
        take: Callable[[Connection, Envelope], None],
        ping_interval: float,
        pong_within: float,
        monotonic: Callable[[], float],
    ) -> None:
        self.name = name
        self.why = ""
        self.last_pong = monotonic()
        self._ws = ws
        self._take = take
        self._ping_interval = ping_interval
        self._pong_within = pong_within
        self._monotonic = monotonic
        self._hello = asyncio.Event()
        self._leaving = asyncio.Event()
        self._pong = asyncio.Event()
        self._reading = asyncio.create_task(self._read(), name=f"{name} reading")
        self._watching = asyncio.create_task(self._watch(), name=f"{name} watching")

    async def greeted(self) -> bool:
        """Waits for Slack's hello; False where the connection ended before it."""
        await self._until(self._hello)
        return self._hello.is_set()

    async def over(self) -> str:
        """Waits until the connection ended or Slack wants it replaced, and says why."""
        for ended in await self._until(self._leaving):
            ended.result()
        return self.why

    async def ended(self) -> None:
        """Waits until the connection ended."""
        await asyncio.wait({self._reading, self._watching}, return_when=asyncio.FIRST_COMPLETED)

    async def send(self, text: str) -> bool:
        """Whether the text went out; False where the connection is gone."""
        if self._ws.closed:
            return False
        try:
            async with asyncio.timeout(self._pong_within):
                await self._ws.send_str(text)
        except (ConnectionError, TimeoutError):
            return False
        return True

    def deafen(self) -> None:
        """Takes nothing more; acks can still be sent."""
        self._reading.cancel()
        self._watching.cancel()

    async def close(self) -> None:
        """Closes without waiting for a peer that may be gone."""
        self.deafen()
        await asyncio.gather(self._reading, self._watching, return_exceptions=True)
        try:
            async with asyncio.timeout(_CLOSE_WITHIN):
                await self._ws.close()
        except TimeoutError:
            log.debug("the connection did not close in time", line=self.name)

    async def _until(self, event: asyncio.Event) -> set[asyncio.Task[None]]:
        """Waits for the event or the connection's end; gives back which of its two tasks ended."""
        tasks = {self._reading, self._watching}
        told = asyncio.create_task(event.wait(), name=f"{self.name} waiting")
        both: set[asyncio.Task[Any]] = {told, *tasks}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            told.cancel()
        return {task for task in tasks if task.done()}

    async def _read(self) -> None:
        while True:
            frame: WSMessage = await self._ws.receive()
            if frame.type in _END:
                self.why = self.why or f"closed ({self._ws.close_code or 'reset'})"
                return
            if frame.type is WSMsgType.TEXT:
                self._heard(frame.data)
            elif frame.type is WSMsgType.PONG:
                self.last_pong = self._monotonic()
                self._pong.set()
            elif frame.type is WSMsgType.PING:
                try:
                    await self._ws.pong(frame.data)
                except ConnectionError:
                    self.why = self.why or "reset"
                    return

    def _heard(self, text: str) -> None:
        """One message; what it holds never ends the reading."""
        try:
            message = json.loads(text)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            log.warning("Slack sent what is no message", line=self.name, length=len(text))
        elif message.get("type") == "hello":
            self._hello.set()
        elif message.get("type") == "disconnect":
            self.why = str(message.get("reason"))
            self._leaving.set()
        elif isinstance(message.get("envelope_id"), str) and isinstance(message.get("payload"), dict):
            self._take(self, message)
        else:
            log.warning("Slack sent a message of an unknown kind", line=self.name, kind=message.get("type"))

    async def _watch(self) -> None:
        """Pings; ends when a pong stays out. A process that stood still itself asks once more."""
        while True:
            await asyncio.sleep(self._ping_interval)
            self._pong.clear()
            asked = self._monotonic()
            try:
                async with asyncio.timeout(self._pong_within):
                    await self._ws.ping()
                    await self._pong.wait()
            except TimeoutError:
                if self._monotonic() - asked < self._pong_within + _STOOD_STILL:
                    self.why = self.why or f"no pong within {self._pong_within:g} s"
                    return
            except ConnectionError:
                self.why = self.why or "reset"
                return
