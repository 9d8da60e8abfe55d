"""A window of the page, in which somebody sits: what people do with mouse and keyboard, in their words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

PATIENT_MS = 45_000
"""How long a story waits on a busy machine before it says that something was not seen."""

expect.set_options(timeout=PATIENT_MS)

CARD = re.compile(r"Case (\d+)")
FIELD_ROLES = ("textbox", "combobox", "radiogroup", "group")

Words = str | re.Pattern[str]
Place = str | Locator | None


class Window:
    """What somebody does and sees in one window."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.get_by_role("main")
        self.thread = page.get_by_role("complementary", name="Thread")
        self.checklist = page.get_by_role("region", name="Checklist")
        self.sidebar = page.get_by_role("navigation", name="Workspace")
        self.traffic = page.get_by_role("region", name="Traffic", exact=True)
        self.form = page.get_by_role("dialog").last
        self.menu = page.get_by_role("menu")
        self.composer = self.main.get_by_role("textbox", name=re.compile(r"^Message "))
        self.reply = self.thread.get_by_role("textbox", name="Reply in thread")

    # Finding

    def message(self, words: Words, within: Locator | None = None) -> Locator:
        """The newest message with these words: in the channel, or in the thread."""
        return (within or self.main).get_by_role("article").filter(has_text=words).last

    def card(self, number: int, within: Locator | None = None) -> Locator:
        """A case's card: in the channel, or at the top of its thread."""
        title = self.page.get_by_role("heading", name=re.compile(rf"^Case {number} ·"))
        return (within or self.main).get_by_role("article").filter(has=title)

    def field(self, label: str) -> Locator:
        """A field of the form that is open, by its label."""
        return labelled(self.form, label)

    def acting(self, name: str) -> Locator:
        """The switch that says that one is somebody."""
        return self.sidebar.get_by_role("button", name=f"Acting as {name}")

    def step(self, title: str) -> Locator:
        """A step of the checklist."""
        return self.checklist.get_by_role("listitem").filter(has_text=title)

    def conversation(self, name: str) -> Locator:
        """A conversation in the sidebar; what is unread there is part of its name."""
        return self.sidebar.get_by_role(
            "link", name=re.compile(rf"^{re.escape(name)}(\s*\d+ mentions?| \(.*\))?$")
        )

    def place(self, on: Place) -> Locator:
        """A message by its words, a card as "Case 1", or whatever was found before."""
        if isinstance(on, Locator):
            return on
        if on is None:
            return self.page.locator("body")
        number = CARD.fullmatch(on)
        return self.card(int(number[1])) if number else self.message(on)

    # Doing

    def types(self, line: str, *, into: Locator | None = None) -> None:
        """Writes a line into the message field and presses Enter."""
        field = into or self.composer
        field.fill(line)
        field.press("Enter")

    def clicks(self, name: Words, *, on: Place = None, role: Any = "button", nth: int | None = None) -> None:
        """A button, or what else can be clicked, by its name; `nth` (from 0) where there are several."""
        found = self.place(on).get_by_role(role, name=name, exact=isinstance(name, str))
        (found if nth is None else found.nth(nth)).click()

    def chooses(self, name: str, *, on: Place) -> None:
        """An entry of the ⋮ menu of a message."""
        self.clicks("More options", on=on)
        self.clicks(name, on=self.menu, role="menuitem")

    def uses(self, name: Words, *, on: Place) -> None:
        """What the bar at a message's corner offers: a button there, or an entry of its menu."""
        message = self.place(on)
        message.hover()
        tools = message.get_by_role("group", name="Message actions")
        if name == "Reply in thread":
            self.clicks(name, on=tools)
            return
        self.clicks("More actions", on=tools)
        self.clicks(name, on=self.menu, role="menuitem")

    def opens_thread(self, on: Place) -> None:
        """By the replies below a message."""
        self.clicks(re.compile(r"^\d+ repl"), on=on)
        self.sees("Thread", on=self.thread.get_by_role("heading", level=2))

    def goes_to(self, name: str) -> None:
        """Somewhere else, by the sidebar."""
        self.conversation(name).click()

    def becomes(self, name: str) -> None:
        """Somebody else, by the switch in the sidebar."""
        self.clicks(re.compile(r"^Acting as"), on=self.sidebar)
        self.clicks(re.compile(f"^{name}"), on=self.menu, role="menuitemradio")

    def fills(self, entries: Mapping[str, Any]) -> None:
        """Fields of the open form by their labels: a text, a choice, or a list of choices."""
        for label, value in entries.items():
            self._fills(self.field(label), value)

    def submits(self, name: str) -> None:
        """Presses the form's button, and sees it go."""
        self.clicks(name, on=self.form)
        expect(self.form).to_have_count(0)

    def _fills(self, field: Locator, value: Any) -> None:
        role = field.get_attribute("role")
        if role == "radiogroup":
            field.get_by_role("radio", name=value, exact=True).check()
        elif role == "group":
            for choice in value:
                field.get_by_role("checkbox", name=choice, exact=True).check()
        elif role == "combobox":
            self._picks(field, value)
        else:
            field.fill(value)

    def _picks(self, field: Locator, value: str | list[str]) -> None:
        for choice in [value] if isinstance(value, str) else value:
            field.click()
            self.page.get_by_role("option", name=re.compile(f"^{re.escape(choice)}")).click()
        if not isinstance(value, str):
            self.form.get_by_role("heading").first.click()  # aside, so that the list lies over nothing

    # Seeing

    def sees(self, words: Words, *, on: Place = None) -> Locator:
        """These words are there, or come; answers the place."""
        place = self.place(on)
        expect(place).to_contain_text(words)
        return place

    def sees_no(self, words: Words, *, on: Place = None) -> None:
        """These words are not there, or go."""
        expect(self.place(on)).not_to_contain_text(words)

    def ticked(self, title: str) -> None:
        """A step of the checklist is done."""
        self.sees(f"Done: {title}", on=self.checklist.get_by_role("list"))

    def counts(self, selector: str) -> int:
        """How many such elements there are anywhere on the page."""
        return self.page.locator(selector).count()


def labelled(form: Locator, label: str) -> Locator:
    """A field by its label, whatever kind of control it is."""
    name = re.compile(rf"^{re.escape(label)}( \(optional\))?$")
    first, *others = (form.get_by_role(role, name=name) for role in FIELD_ROLES)  # type: ignore[arg-type]
    for other in others:
        first = first.or_(other)
    return first


def said(line: ConsoleMessage) -> str:
    """What a console was told, and by what."""
    return f"{line.text} ({line.location['url']})"


class Windows:
    """Windows of one browser, and what their consoles complained of."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._forgiven: list[str] = []
        self.errors: list[str] = []

    def open(self, url: str, **options: Any) -> Window:
        """A fresh window (its own storage) at an address; `options` are those of Playwright's contexts."""
        context = self._browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(PATIENT_MS)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self._complains(f"{error}"))
        page.on("console", lambda line: self._complains(said(line)) if line.type == "error" else None)
        page.goto(url)
        return Window(page)

    def open_as(self, who: str, url: str, place: str = "C0ASKBILL", **options: Any) -> Window:
        """A window in which somebody acts, in the ASK channel."""
        return self.open(f"{url}/?as=U0{who.upper()}#{place}", **options)

    @contextmanager
    def forgiving(self, *words: str) -> Iterator[None]:
        """Complaints that say one of these are part of the story meanwhile."""
        self._forgiven.extend(words)
        yield
        self._forgiven.clear()

    def _complains(self, text: str) -> None:
        if not any(words in text for words in self._forgiven):
            self.errors.append(text)

    def close(self) -> None:
        """Close them all."""
        for context in self._contexts:
            context.close()
