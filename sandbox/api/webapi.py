"""The Web API over HTTP: `/api/<method>`, strict as Slack's.

https://docs.slack.dev/apis/web-api/: arguments as JSON, form or query; errors as `{"ok": false}` with status 200;
429 with `Retry-After` past a rate limit.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.api import METHODS, Call, catalogue
from sandbox.workspace.core import Core
from sandbox.workspace.errors import SlackError
from sandbox.workspace.faults import Fault
from sandbox.workspace.model import App, Json
from sandbox.workspace.socketmode import reset_transport
from sandbox.workspace.workspace import compact

_BOOLEANS = ("true", "false", "1", "0", "")
_EVERYWHERE = ("team_id",)
"""Bolt sends the team's id with each call, and Slack takes no notice where it has no use for it."""
REFUSAL_SECONDS = 0.05
"""How long a refusal takes at least, as nothing comes back from Slack faster. Bolt forgets that a listener has
acknowledged where it fails within the 10 ms after its `ack()`; the person would see trouble that Slack never shows."""

_EITHER_TOKEN = ("auth.test", "api.test")


async def with_fault(core: Core, request: web.Request, name: str, work: Any) -> web.StreamResponse:
    """Serve a request, unless (or although) something is to go wrong with it.

    `work` takes the fault that replaces the answer ("error", "ratelimited"), or None, and answers.
    """
    fault = core.faults.take(name)
    kind = fault.kind if fault else None
    if kind is not None:
        core.workspace.changed("fault", name=name, fault=kind)  # so that a story can wait for it
    if kind == "http_500":
        core.workspace.record("fault", name, error=kind)
        return web.Response(status=500, text="Internal Server Error")
    if kind == "reset":
        core.workspace.record("fault", name, error=kind)
        reset_transport(request.transport)
        return web.Response(status=500)
    answer: web.StreamResponse = await work(fault if kind in ("error", "ratelimited") else None)
    if fault is not None and kind == "slow":
        await asyncio.sleep(fault.delay)
    if kind in ("lost_answer", "done_500"):
        core.workspace.record("fault", name, error=kind)
    if kind == "lost_answer":
        reset_transport(request.transport)
    if kind == "done_500":
        return web.Response(status=500, text="Internal Server Error")
    return answer


class WebApi:
    """Serves the methods of `sandbox.api`."""

    def __init__(self, core: Core) -> None:
        self.core = core

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        method = request.match_info["method"]

        async def work(fault: Fault | None) -> web.Response:
            answer, refused = await self._answer(request, method, fault)
            if refused:
                await asyncio.sleep(REFUSAL_SECONDS)
            return answer

        return await with_fault(self.core, request, method, work)

    async def _answer(
        self, request: web.Request, method: str, fault: Fault | None
    ) -> tuple[web.Response, bool]:
        workspace = self.core.workspace
        headers: dict[str, str] = {}
        args, token, unreadable = await _arguments(request)
        # From here on nothing is waited for: whoever looks at the traffic sees the call with its answer.
        entry = workspace.record("api", method, payload=args)
        status = 200
        try:
            if unreadable is not None:
                raise unreadable
            if fault is not None:
                if fault.kind == "ratelimited":
                    raise SlackError("ratelimited", retry_after=fault.retry_after)
                raise SlackError(fault.error)
            handler = METHODS.get(method)
            facts = catalogue.method(method)
            if handler is None or facts is None:
                raise SlackError("unknown_method", req_method=method)
            app = self._app(token, method, facts.app_token)
            headers["x-oauth-scopes"] = ",".join(sorted(app.scopes))
            headers["x-accepted-oauth-scopes"] = ",".join(sorted(facts.bot_scopes))
            channel = str(args.get("channel") or "")
            if wait := self.core.limits.retry_after(app.id, method, facts.tier, channel):
                raise SlackError("ratelimited", retry_after=wait)
            self._check(facts, args)
            call = Call(self.core, method, args, app)
            if facts.bot_scopes:
                call.need_scope(*sorted(facts.bot_scopes))
            answer: Json = {"ok": True, **handler(call)}
        except SlackError as error:
            answer = {"ok": False, "error": error.code}
            if error.code == "ratelimited":
                status = 429
                headers["Retry-After"] = str(error.extra["retry_after"])
            else:
                answer |= error.extra
            if error.reasons:
                answer["response_metadata"] = {"messages": [f"[ERROR] {reason}" for reason in error.reasons]}
            entry["error"] = error.code
            workspace.changed("refused", name=method, error=error.code)
        entry["response"] = answer
        response = web.Response(
            status=status,
            body=compact(answer).encode(),
            headers=headers,
            content_type="application/json",
            charset="utf-8",
        )
        return response, not answer["ok"]

    def _app(self, token: str, method: str, app_token_due: bool) -> App:
        if not token:
            raise SlackError("not_authed")
        workspace = self.core.workspace
        if token not in workspace.tokens:
            raise SlackError("invalid_auth")
        if token in workspace.revoked:
            raise SlackError("token_revoked")
        app, kind = workspace.tokens[token]
        if workspace.users[app.bot_user_id].deleted:
            raise SlackError("account_inactive")
        if method not in _EITHER_TOKEN and (kind == "app") != app_token_due:
            raise SlackError("not_allowed_token_type")
        return app

    def _check(self, facts: catalogue.MethodFacts, args: Json) -> None:
        reasons = [
            f"missing required field: {name}" for name in facts.required_args if args.get(name) in (None, "")
        ]
        for name, value in args.items():
            arg = facts.args.get(name)
            if arg is None and name in _EVERYWHERE:
                continue
            if arg is None:
                self.core.workspace.problem(
                    "an argument Slack does not know", method=facts.name, argument=name
                )
            elif value is None:
                continue
            elif arg.type == "boolean" and str(value).lower() not in _BOOLEANS:
                reasons.append(f"{name} must be a boolean [json-pointer:/{name}]")
            elif arg.type == "string" and isinstance(value, (dict, list)):
                reasons.append(f"{name} must be a string [json-pointer:/{name}]")
        if reasons:
            raise SlackError("invalid_arguments", reasons)


async def _arguments(request: web.Request) -> tuple[Json, str, SlackError | None]:
    """The arguments, the token, and why the body could not be read.

    The token of a JSON call has to be in the header, as with Slack.
    """
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = bearer.strip() if scheme.lower() == "bearer" else ""
    args: Json = dict(request.query)
    unreadable: SlackError | None = None
    if request.method == "POST" and request.can_read_body:
        try:
            args |= await _body(request)
        except SlackError as error:
            unreadable = error
    given = args.pop("token", "")
    return args, token or str(given), unreadable


async def _body(request: web.Request) -> Json:
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text())
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        body.pop("token", None)
        return body
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form: Mapping[str, Any] = await request.post()
        return dict(form)
    raise SlackError("invalid_post_type")
