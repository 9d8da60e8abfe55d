"""Modals and App Homes as the person in front of them sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.driver.controls import clickable, clickables, field, fields, shown_value, value_for
from sandbox.driver.errors import NotThere
from sandbox.driver.render import Reader, block_text, render_text
from sandbox.driver.results import Ack, Result
from sandbox.driver.scene import PATIENCE, Scene

Json = dict[str, Any]


class Screen:
    """Something with blocks that one person can fill in and click: looked at afresh each time."""

    def __init__(self, scene: Scene, user: str) -> None:
        self._scene = scene
        self._user = user

    @property
    def raw(self) -> Json:
        """The view as the control API tells it, as it stands now."""
        raise NotImplementedError

    @property
    def _reader(self) -> Reader:
        return self._scene.reader(self._user)

    # What it shows

    @property
    def text(self) -> str:
        """Everything that it says."""
        return render_text(self.raw, self._reader, controls=False)

    def labels(self) -> list[str]:
        """The labels of its fields, from top to bottom."""
        return [one.label for one in fields(self.raw, self._reader)]

    def required(self) -> list[str]:
        """The labels of the fields that must be filled in."""
        return [one.label for one in fields(self.raw, self._reader) if not one.optional]

    def options(self, label: str) -> list[str]:
        """The texts of a field's options."""
        return list(field(self.raw, label, self._reader).options(self._reader))

    def buttons(self) -> list[str]:
        """The labels of the buttons in it (not of those at its foot)."""
        return [one.label for one in clickables(self.raw, self._reader) if not one.in_overflow]

    def overflow(self) -> list[str]:
        """The labels in its ⋯ menus."""
        return [one.label for one in clickables(self.raw, self._reader) if one.in_overflow]

    def confirmation(self, label: str) -> str | None:
        """What Slack asks before it sends the click on ``label``, if it asks."""
        return clickable(self.raw, label, self._reader).confirmation(self._reader)

    def value(self, label: str) -> Any:
        """What a field holds, as people read it: text, an option's text or a list of them, a date, a name."""
        raw = self.raw
        one = field(raw, label, self._reader)
        return shown_value(one, _values(raw).get(one.block_id, {}).get(one.action_id, {}), self._reader)

    def values(self) -> dict[str, Any]:
        """What all fields hold, by label."""
        return {label: self.value(label) for label in self.labels()}

    # What one can do with it

    def fill(self, entries: Mapping[str, object]) -> None:
        """Type and choose, by the labels of the fields and the texts of options; None clears."""
        for label, given in entries.items():
            self.choose(label, given)

    def choose(self, label: str, given: object) -> Ack:
        """Fill one field; where that tells the app at once (``dispatch_action``) its ack is answered."""
        raw, reader = self.raw, self._reader
        one = field(raw, label, reader)
        asks = "external_select" in one.element["type"]
        return Ack.of(
            self._scene.wire.send(
                "view/input",
                {
                    "user": self._user,
                    "view_id": raw["id"],
                    "block_id": one.block_id,
                    "action_id": one.action_id,
                    "value": self._looked_up(label, given) if asks else value_for(one, given, reader),
                },
            )
        )

    def looks_up(self, label: str, text: str) -> list[Json]:
        """Type into a select whose options come from the app: the options that it offers."""
        raw = self.raw
        one = field(raw, label, self._reader)
        answer = self._scene.wire.post(
            "suggest",
            user=self._user,
            view_id=raw["id"],
            block_id=one.block_id,
            action_id=one.action_id,
            value=text,
        )
        groups: list[Json] = answer.get("option_groups") or [answer]
        return [option for group in groups for option in group.get("options", ())]

    def _looked_up(self, label: str, given: object) -> object:
        """The options that somebody chooses who types each of these texts."""
        if given is None:
            return None
        if isinstance(given, list | tuple | set):
            return [self._looked_up(label, one) for one in given]
        offered = self.looks_up(label, str(given))
        exactly = [one for one in offered if self._reader.text(one["text"]) == given]
        found = exactly or offered
        if len(found) == 1:
            return found[0]
        texts = ", ".join(repr(self._reader.text(one["text"])) for one in offered) or "nothing"
        raise NotThere(f"{label!r} offers {texts} to somebody who types {given!r}")

    def click(self, label: str, *, near: str | None = None, **forged: str) -> Ack:
        """Press a button or choose a ⋯ entry, by label (beside the text ``near`` where several have it)."""
        raw = self.raw
        one = clickable(raw, label, self._reader, near)
        return Ack.of(
            self._scene.wire.post(
                "click",
                user=self._user,
                view_id=raw["id"],
                block_id=one.block_id,
                action_id=one.action_id,
                value=one.value,
                **forged,
            )
        )

    def shows(self, text: str, within: float = PATIENCE) -> None:
        """Wait until it says ``text``."""
        self._scene.wait(
            lambda: True if text in self.text else None,
            within,
            lambda: f"{text!r} did not show within {within:g} s. It says:\n{self}",
        )


class Modal(Screen):
    """An open modal. It stays the same modal when the app updates it."""

    def __init__(self, scene: Scene, user: str, view_id: str) -> None:
        super().__init__(scene, user)
        self.id = view_id

    @property
    def raw(self) -> Json:
        """The view as the control API tells it, as it stands now."""
        views = views_of(self._scene, self._user)
        for view in views:
            if view["id"] == self.id:
                return view
        there = ", ".join(repr(_title(view)) for view in views) or "none"
        raise NotThere(f"this modal is no longer open. Modals open for {self._name}: {there}")

    @property
    def _name(self) -> str:
        return self._scene.names().user_name(self._user)

    @property
    def title(self) -> str:
        """The words at its top."""
        return _title(self.raw)

    @property
    def submit_label(self) -> str | None:
        """The words on its submit button, if it has one."""
        submit = self.raw.get("submit")
        return submit["text"] if submit else None

    @property
    def callback_id(self) -> str:
        """The app's name for this kind of modal."""
        return str(self.raw.get("callback_id") or "")

    @property
    def private_metadata(self) -> str:
        """What the app keeps in it, unseen by the person."""
        return str(self.raw.get("private_metadata") or "")

    def errors(self) -> dict[str, str]:
        """What stands at fields as wrong, by label."""
        raw = self.raw
        return self._by_label(raw.get("errors") or {}, raw)

    def notice(self) -> str | None:
        """What Slack says above the buttons when the app gave no proper answer."""
        return self.raw.get("notice")

    def is_open(self) -> bool:
        """Whether it is on the person's screen, on top or beneath another."""
        return any(view["id"] == self.id for view in views_of(self._scene, self._user))

    def submit(self, entries: Mapping[str, object] | None = None, **forged: str) -> Result:
        """Press the submit button, after filling in ``entries``."""
        self.fill(entries or {})
        before = self.raw
        raw = self._scene.wire.post("view/submit", user=self._user, view_id=self.id, **forged)
        errors = raw.get("errors") or {}
        still_open = self.is_open()
        return Result(
            errors=self._by_label(errors, self.raw if still_open else before),
            closed=not still_open,
            asked=raw.get("acked") is not None,
            acked=bool(raw.get("acked")),
            ms=raw.get("ack_ms"),
            notice=raw.get("notice"),
            raw=raw,
        )

    def close(self) -> Ack:
        """Press Esc: the modal beneath it shows again, if there is one."""
        return Ack.of(self._scene.wire.post("view/close", user=self._user, view_id=self.id))

    def close_all(self) -> Ack:
        """Press the cross: the whole stack goes."""
        return Ack.of(self._scene.wire.post("view/close", user=self._user, clear=True))

    def _by_label(self, errors: Mapping[str, str], raw: Json) -> dict[str, str]:
        labels = {one.block_id: one.label for one in fields(raw, self._reader)}
        return {labels.get(block_id, block_id): text for block_id, text in errors.items()}

    def __str__(self) -> str:
        if not self.is_open():
            return "(the modal is closed)"
        errors = self.errors()
        lines = [f"┌ {self.title}"]
        for block in self.raw["blocks"]:
            lines += self._lines(block, errors)
        if notice := self.notice():
            lines.append(f"! {notice}")
        return "\n│ ".join(lines) + (f"\n└ [{self.submit_label}]" if self.submit_label else "")

    def _lines(self, block: Json, errors: Mapping[str, str]) -> list[str]:
        if block["type"] != "input":
            return block_text(block, self._reader, controls=True).splitlines()
        label = self._reader.text(block["label"])
        must = "" if block.get("optional") else " (required)"
        error = f"  ! {errors[label]}" if label in errors else ""
        return [f"{label}{must}: {self.value(label) or None!r}{error}"]

    def __repr__(self) -> str:
        return f"<Modal {self.id}>"


class Home(Screen):
    """Somebody's App Home."""

    @property
    def raw(self) -> Json:
        """The view as the control API tells it, as it stands now."""
        view = home_of(self._scene, self._user)
        if view is None:
            raise NotThere(f"the app has published no Home for {self._scene.names().user_name(self._user)}")
        return view

    def __str__(self) -> str:
        return render_text(self.raw, self._reader)


def views_of(scene: Scene, user: str) -> list[Json]:
    """The stack of somebody's open modals, the top one last."""
    answer = scene.wire.get("views", **{"as": user})
    found: list[Json] = answer["views"]
    return found


def home_of(scene: Scene, user: str) -> Json | None:
    """Somebody's App Home, if the app published one."""
    answer: Json = scene.wire.get("home", **{"as": user})
    view: Json | None = answer.get("view", answer.get("home"))
    return view


def _title(view: Json) -> str:
    return str((view.get("title") or {}).get("text", ""))


def _values(view: Json) -> dict[str, dict[str, Json]]:
    values: dict[str, dict[str, Json]] = view.get("values") or (view.get("state") or {}).get("values") or {}
    return values
