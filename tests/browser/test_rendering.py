"""What the page makes of texts, blocks and modals: faithful to Slack, never markup, never lost while it is typed."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from tests.browser.axe import serious
from tests.browser.snack import Floor
from tests.sandbox_kit.kit import actions, button, element, mrkdwn, option, plain, section

Json = dict[str, Any]
T = TypeVar("T")

DRAW = """async ([what, ...given]) => {
    const [{ mrkdwn, plainText }, { blockList }, { el }] = await Promise.all(
        ["mrkdwn", "blocks", "dom"].map((name) => import(`/page/js/${name}.js`)));
    const people = { U0ANA: "Ana Reyes", U0BEN: "Ben Carter" };
    const ctx = {
        me: { id: "U0ANA", tz: "Asia/Manila" },
        surface: "message",
        user: (id) => people[id] && { id, real_name: people[id] },
        channel: (id) => (id === "C1" ? { id, name: "ask-billing" } : undefined),
        usergroup: (id) => (id === "S1" ? { id, handle: "agents", users: ["U0ANA"] } : undefined),
        now: () => new Date("2026-11-23T17:05:00Z"),
    };
    const drawn = { mrkdwn, plainText: (text) => plainText(text), blocks: blockList }[what](...given, ctx);
    const box = el("div", {}, drawn);
    for (const node of box.querySelectorAll("*")) {
        for (const { name } of [...node.attributes]) if (name !== "href") node.removeAttribute(name);
    }
    return what === "blocks" ? box.innerText : box.innerHTML;
}"""


def drawn(page: Page, what: str, *given: object) -> str:
    """What the page's own modules make of a text or of blocks, without the attributes."""
    return str(page.evaluate(DRAW, [what, *given]))


# Texts

MRKDWN = {
    "*bold* _italic_ ~strike~": "<strong>bold</strong> <em>italic</em> <s>strike</s>",
    "*_both_* and *a ~b~ c*": "<strong><em>both</em></strong> and <strong>a <s>b</s> c</strong>",
    "snake_case_name, 2*3*4, a * b * c": "snake_case_name, 2*3*4, a * b * c",
    "`*code*` and *un\nclosed*": "<code>*code*</code> and *un\nclosed*",
    "> quoted\n&gt; twice\nnot": "<blockquote>quoted\ntwice</blockquote>not",
    ">>> all\n> of it": "<blockquote>all\n&gt; of it</blockquote>",
    "```\nif x < y:\n    *go*\n```\nafter": "<pre>if x &lt; y:\n    *go*</pre>after",
    "<https://x.example/a_b_c|a link>": '<a href="https://x.example/a_b_c">a link</a>',
    "*<https://x.example/?a=1&amp;b=2*|x>*": (
        '<strong><a href="https://x.example/?a=1&amp;b=2*">x</a></strong>'
    ),
    "see https://x.example/a_b.": 'see <a href="https://x.example/a_b">https://x.example/a_b</a>.',
    "<mailto:a@x.example|mail> <tel:+15550132>": (
        '<a href="mailto:a@x.example">mail</a> <a href="tel:+15550132">+15550132</a>'
    ),
    "<javascript:alert(1)|bad> <data:text/html,x|worse>": "<span>bad</span> <span>worse</span>",
    "<b>no tag</b> <img src=x onerror=alert(1)>": (
        "&lt;b&gt;no tag&lt;/b&gt; &lt;img src=x onerror=alert(1)&gt;"
    ),
    "<@U0BEN> <@U0GONE|old>": "<span>@Ben Carter</span> <span>@old</span>",
    "<#C1> <#C2|gone>": "<span>#ask-billing</span> <span>#gone</span>",
    "<!subteam^S1> <!here> <!channel|channel> <!odd|label>": (
        "<span>@agents</span> <span>@here</span> <span>@channel</span> label"
    ),
    "&amp;lt; &lt;b&gt; &amp;": "&amp;lt; &lt;b&gt; &amp;",
    ":wave: :no_such_thing: 10:30:45": "<span>👋</span> :no_such_thing: 10:30:45",
    ":+1::skin-tone-4:": "<span>👍🏽</span>",
    "<!date^x^{date}|fallback>": "fallback",
}


def test_mrkdwn_reads_as_in_slack(floor: Floor) -> None:
    """Each text becomes the nodes that Slack shows, and nothing that was typed becomes markup."""
    page = floor.window()
    assert {text: drawn(page, "mrkdwn", text) for text in MRKDWN} == MRKDWN


DATES = {
    "{date_num}": "2026-11-24",
    "{date_slash}": "11/24/2026",
    "{date}": "November 24th",
    "{date_short} {time}": "Nov 24 1:05 AM",
    "{date_long}": "Tuesday, November 24th",
    "{date_long_full}": "November 24, 2026",
    "{date_pretty} at {time_secs}": "Today at 1:05:00 AM",
    "by {date_short_pretty}": "by today",
    "{ago}": "just now",
    "{odd}": "{odd}",
}


def test_dates_are_told_on_the_viewers_clock(floor: Floor) -> None:
    """Noon in New York is past midnight in Manila, where Ana sits; the year is left out when it is near."""
    page = floor.window()

    def told(epoch: int, form: str) -> str:
        return re.sub(r"</?time>", "", drawn(page, "mrkdwn", f"<!date^{epoch}^{form}|fallback>"))

    assert {form: told(1795453500, form) for form in DATES} == DATES
    assert told(1700000000, "{date}") == "November 15th, 2023"
    assert told(1795453500 - 86_400, "{date_pretty}") == "Yesterday"


def test_plain_text_keeps_its_marks(floor: Floor) -> None:
    """Only the escaping is undone, once, and emoji are shown."""
    page = floor.window()
    assert drawn(page, "plainText", "*a* &amp;lt; <b> :tada:") == "*a* &amp;lt; &lt;b&gt; <span>🎉</span>"


def test_digits_are_drawn_with_letters_and_not_as_emoji(floor: Floor) -> None:
    """Fonts of emoji hold digits and spaces as well; without any of the fonts that the page names they once took over."""
    page = floor.window()
    message = floor.shows(page, section("Case 42 at 09:30 :wave:"))
    expect(message).to_contain_text("Case 42")
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]

    def fonts(selector: str) -> str:
        node = devtools.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        return str(devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"])

    assert "Emoji" not in fonts(".clock-time")
    assert "Emoji" in fonts(f'[data-ts="{message.get_attribute("data-ts")}"] .emoji')


# Blocks


def cells(*texts: str) -> list[Json]:
    """A row of a table."""
    return [{"type": "raw_text", "text": text} for text in texts]


def rich(*elements: Json) -> Json:
    """A rich text block."""
    return {"type": "rich_text", "elements": list(elements)}


def words(text: str, **style: bool) -> Json:
    """A text within rich text."""
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def line(*parts: Json) -> Json:
    """A section of rich text."""
    return {"type": "rich_text_section", "elements": list(parts)}


OPTIONS = [option("a", "Apple"), option("b", "Banana")]
PIE = {"type": "pie", "segments": [{"label": "Kept", "value": 3}, {"label": "Broken", "value": 1}]}
BARS = {
    "type": "bar",
    "series": [{"name": "Calls", "data": [{"label": "Mon", "value": 7}, {"label": "Tue", "value": 4}]}],
    "axis_config": {"categories": ["Mon", "Tue"]},
}
TASK = {"type": "task_card", "task_id": "1", "title": "Look it up", "status": "complete"}

SHOWN: dict[str, tuple[Json, list[str]]] = {
    "header": ({"type": "header", "text": plain("A title")}, ["A title"]),
    "section": (section("*What*", fields=[mrkdwn("*One*\n1")], accessory=button("Aside")), ["What", "Aside"]),
    "context": ({"type": "context", "elements": [mrkdwn("small"), plain("print")]}, ["small", "print"]),
    "divider": ({"type": "divider"}, []),
    "rich_text": (
        rich(
            line(words("loud", bold=True), {"type": "user", "user_id": "U0BEN"}),
            {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": [line(words("third"))]},
            {"type": "rich_text_quote", "elements": [words("said")]},
            {"type": "rich_text_preformatted", "elements": [words("typed")]},
        ),
        ["loud", "@Ben Carter", "third", "said", "typed"],
    ),
    "table": ({"type": "table", "rows": [cells("Who", "Calls"), cells("Ben", "7")]}, ["Who", "Ben"]),
    "data_table": (
        {"type": "data_table", "caption": "By hour", "rows": [cells("Hour"), cells("09:00")]},
        ["By hour", "09:00"],
    ),
    "pie": ({"type": "data_visualization", "title": "Promises", "chart": PIE}, ["Promises", "Kept"]),
    "bars": ({"type": "data_visualization", "title": "Week", "chart": BARS}, ["Week", "Calls", "Tue"]),
    "markdown": ({"type": "markdown", "text": "## Big\n\n- **one**\n\n`code`"}, ["Big", "one", "code"]),
    "video": (
        {
            "type": "video",
            "title": plain("How to calm a call"),
            "alt_text": "video",
            "thumbnail_url": "data:image/png;base64,",
            "video_url": "https://video.example/1",
        },
        ["How to calm a call"],
    ),
    "card": (
        {"type": "card", "title": plain("Case"), "body": mrkdwn("open"), "actions": [button("Take")]},
        ["Case", "Take"],
    ),
    "carousel": (
        {"type": "carousel", "elements": [{"type": "card", "title": plain("First")}]},
        ["First"],
    ),
    "container": (
        {"type": "container", "title": plain("Inside"), "child_blocks": [section("a child")]},
        ["Inside", "a child"],
    ),
    "task_card": (TASK, ["Look it up", "Complete"]),
    "plan": ({"type": "plan", "title": "The plan", "tasks": [TASK]}, ["The plan", "Look it up"]),
    "feedback": (
        {
            "type": "context_actions",
            "elements": [
                element(
                    "feedback_buttons",
                    positive_button={"text": plain("Good"), "value": "1"},
                    negative_button={"text": plain("Bad"), "value": "0"},
                )
            ],
        },
        [],
    ),
    "actions": (
        actions(
            element("static_select", "s", placeholder=plain("Pick"), options=OPTIONS),
            element("multi_users_select", "u", placeholder=plain("People")),
            element("datepicker", "d"),
            element("timepicker", "t", timezone="America/New_York"),
            element("checkboxes", "c", options=OPTIONS),
            element("radio_buttons", "r", options=OPTIONS),
            element("overflow", "o", options=OPTIONS),
        ),
        ["America/New York", "Apple", "Banana"],
    ),
}


def test_every_block_that_slack_knows_is_drawn(floor: Floor) -> None:
    """Its texts are there, and no box says that it could not be shown."""
    page = floor.window()
    for kind, (block, texts) in SHOWN.items():
        message = floor.shows(page, block)
        expect(message, kind).to_be_visible()
        for text in texts:
            expect(message, kind).to_contain_text(text)
        expect(message, kind).not_to_contain_text("This page")


BROKEN: list[Any] = [
    {"type": "hologram"},
    {"type": "section"},
    {"type": "actions"},
    {"type": "actions", "elements": [{"type": "warp_drive"}, None]},
    {"type": "table"},
    {"type": "rich_text", "elements": [{"type": "rich_text_song"}]},
    {"type": "input", "label": plain("x")},
    {"type": "constructor"},
    {},
    None,
    7,
]


def test_what_is_unknown_or_broken_becomes_a_labelled_box(floor: Floor) -> None:
    """It names the type, and what stands around it is shown all the same."""
    page = floor.window()
    for block in BROKEN:
        text = drawn(page, "blocks", [section("before"), block, section("after")])
        assert "before" in text
        assert "after" in text
        assert "This page" in text, block
    assert "hologram This page does not know this block." in drawn(page, "blocks", [{"type": "hologram"}])
    assert "table This page cannot show this block." in drawn(page, "blocks", [{"type": "table"}])


EVIL = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


def test_nothing_that_anybody_writes_becomes_markup(floor: Floor) -> None:
    """Script in every place for text is shown as it was written, and runs nowhere."""
    page = floor.window()
    raw, escaped = EVIL, EVIL.replace("<", "&lt;").replace(">", "&gt;")
    message = floor.shows(
        page,
        {"type": "header", "text": plain(raw[:150])},
        section(raw, fields=[mrkdwn(escaped), plain(raw)]),
        {"type": "context", "elements": [mrkdwn(raw), plain(raw)]},
        rich(line(words(raw), {"type": "link", "url": "javascript:document.title='owned'", "text": raw})),
        {"type": "markdown", "text": f"{raw} [x](javascript:alert(1))"},
        {"type": "table", "rows": [cells(raw), cells(raw)]},
        actions(button("Go", url="javascript:document.title='owned'"), button(raw[:70], "b")),
        attachments=[{"title": raw, "text": raw, "fields": [{"title": raw, "value": raw}], "color": raw}],
    )
    expect(message).to_contain_text(raw)
    message.get_by_role("button", name="Go").click()
    floor.slack.person("Ben").says(raw, in_="#ask-billing")
    expect(page.get_by_role("article", name="Ben Carter")).to_contain_text(raw)
    assert page.locator("main :is(script, img[src=x], a[href^=javascript])").count() == 0
    assert "owned" not in page.title()


# What people press


def test_a_button_shows_that_its_click_is_under_way(floor: Floor) -> None:
    """It is busy until the app has heard of it, and a second click meanwhile is none."""
    page = floor.window()
    with page.expect_response("**/control/click"):
        message = floor.shows(page, actions(button("Take it", "take")))
        press = message.get_by_role("button", name="Take it")
        held: list[Route] = []
        page.route("**/control/click", lambda route: held.append(route))
        press.click()
        expect(press).to_have_attribute("aria-busy", "true")
        press.click()
        assert len(held) == 1
        held[0].continue_()
    expect(page.get_by_role("button", name="Take it")).to_have_count(0)


def test_a_confirmation_is_asked_before_a_click_counts(floor: Floor) -> None:
    """Esc and the refusing button send nothing and give the focus back; the other button sends it."""
    page = floor.window()
    sure = {
        "title": plain("Skip it?"),
        "text": mrkdwn("*Nobody* eats"),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    message = floor.shows(page, actions(button("Skip", "skip", confirm=sure)))
    skip = message.get_by_role("button", name="Skip")
    asked = page.get_by_role("dialog", name="Skip it?")
    for by_key in (True, False):
        skip.click()
        expect(asked).to_contain_text("Nobody eats")
        if by_key:
            page.keyboard.press("Escape")
        else:
            asked.get_by_role("button", name="No").click()
        expect(asked).to_have_count(0)
        expect(skip).to_be_focused()
    skip.click()
    asked.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Skipped")).to_be_visible()


def test_a_menu_is_used_by_keyboard(floor: Floor) -> None:
    """Enter opens it, arrows and letters move, Esc gives the focus back, Enter chooses."""
    page = floor.window()
    entries = [option("later", "Do it later"), option("note", "Add a note"), option("undo", "Undo")]
    message = floor.shows(page, actions(element("overflow", "menu", options=entries)))
    more = message.get_by_role("button", name="More options")
    more.focus()
    page.keyboard.press("Enter")
    item = page.get_by_role("menuitem")
    expect(item.nth(0)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(item.nth(2)).to_be_focused()
    page.keyboard.press("a")
    expect(item.nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You chose note")).to_be_visible()


# Modals


def comes_to(page: Page, held: list[T]) -> list[T]:
    """Waits until something is held back."""
    while not held:
        page.wait_for_timeout(10)
    return held


def fills(page: Page, modal: Locator, name: str = "Ana's snack") -> None:
    """The fields that have to be filled in."""
    modal.get_by_label("Name").fill(name)
    modal.get_by_label("Snack").fill("snack 1")
    page.keyboard.press("Enter")
    modal.get_by_label("Day").fill("2026-11-24")
    modal.get_by_label("Time").fill("09:30")


def test_every_kind_of_input_reaches_the_app(floor: Floor) -> None:
    """What was typed last is there too, although it had not been sent when Enter was pressed."""
    page = floor.window()
    modal = floor.orders(page)
    expect(modal.get_by_label("Name")).to_be_focused()
    fills(page, modal, "nobody yet")
    modal.get_by_label("Note").fill("two\nlines")
    modal.get_by_role("radio", name="Large").check()
    modal.get_by_role("checkbox", name="Hot").check()
    modal.get_by_label("Never").click()
    page.get_by_role("option", name="With a dip").click()
    page.get_by_role("option", name="Hot").click()
    page.keyboard.press("Escape")
    modal.get_by_label("How many").fill("3")
    modal.get_by_label("Mail").fill("ana@x.example")
    modal.get_by_label("Link").fill("https://x.example")
    modal.get_by_label("For", exact=False).first.fill("ben")
    page.keyboard.press("Enter")
    modal.get_by_label("Tell").fill("random")
    page.keyboard.press("Enter")
    modal.get_by_label("Reminder").fill("2026-11-24T10:00")
    page.keyboard.press("Tab")
    ana = floor.slack.person("Ana")
    floor.slack.eventually(lambda: ana.modal().value("Reminder"), about="the last value")
    assert ana.modal().values() == {
        "Name": "nobody yet", "Note": "two\nlines", "Snack": "Snack 1", "Size": "Large", "Extras": ["Hot"],
        "Never": ["With a dip", "Hot"], "Day": "2026-11-24", "Time": "09:30", "How many": "3",
        "Mail": "ana@x.example", "Link": "https://x.example", "For": "Ben Carter", "Share with": [],
        "Eat in": None, "Tell": "#random", "Reminder": 1795485600, "Menu": None,
    }  # fmt: skip
    modal.get_by_label("Name").fill("Ana")
    page.keyboard.press("Enter")
    expect(modal).to_have_count(0)
    expect(page.get_by_role("main").get_by_text("Snack for Ana")).to_be_visible()


def test_an_old_answer_takes_no_choice_back(floor: Floor) -> None:
    """What the page asked before somebody chose may be answered after that; it once unticked the box for a moment."""
    page = floor.window()
    modal = floor.orders(page)
    large = modal.get_by_role("radio", name="Large")
    asked: list[bool] = []
    held: list[tuple[Route, APIResponse]] = []

    def answers_late(route: Route) -> None:
        asked.append(large.is_checked())
        held.append((route, route.fetch()))

    def is_answered() -> None:
        route, answer = comes_to(page, held).pop()
        route.fulfill(response=answer)

    page.route("**/control/views?*", answers_late)
    modal.get_by_label("Note").fill("what makes the page ask")
    comes_to(page, held)
    with page.expect_response("**/control/view/input"):
        large.check()
    is_answered()
    is_answered()
    assert asked[:2] == [False, True]
    page.unroute_all()
    expect(large).to_be_checked()


NO_PAUSE = """() => {
  const wait = window.setTimeout;
  window.setTimeout = (act, length, ...given) => wait(act, length === 250 ? 600_000 : length, ...given);
}"""
"""However slow the machine, no pause in the typing is long enough for the page to send it (blocks/sender.js)."""


def test_a_form_that_is_drawn_while_its_button_is_pressed_is_sent(floor: Floor) -> None:
    """Pressing the button ends the typing, which is sent, and the form drawn, before the finger is lifted."""
    page = floor.window()
    modal = floor.orders(page)
    fills(page, modal)
    page.evaluate(NO_PAUSE)
    modal.get_by_label("Mail").press_sequentially("ana@x.example")
    modal.get_by_role("button", name="Order").hover()
    with page.expect_response("**/control/view/input"), page.expect_response("**/control/views?*"):
        page.mouse.down()
    floor.slack.eventually(lambda: floor.slack.person("Ana").modal().value("Mail"), about="the mail")
    page.wait_for_load_state("networkidle")
    page.mouse.up()
    expect(modal).to_have_count(0)


def test_errors_stand_at_their_fields(floor: Floor) -> None:
    """Slack's own and the app's: said at the field, which is focused; gone when something is typed."""
    page = floor.window()
    modal = floor.orders(page)
    modal.get_by_role("button", name="Order").click()
    name = modal.get_by_label("Name")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description(re.compile("required"))
    expect(modal.get_by_role("alert").filter(has_text="required")).to_have_count(4)
    fills(page, modal, "Nobody")
    expect(name).to_have_attribute("aria-invalid", "false")
    page.keyboard.press("Control+Enter")
    expect(name).to_have_accessible_description("Somebody has to eat it")
    expect(name).to_be_focused()
    expect(name).to_have_value("Nobody")


def test_what_is_typed_survives_that_the_app_redraws(floor: Floor) -> None:
    """A choice makes the app change the form, while text is typed that the sandbox has not heard of yet."""
    page = floor.window()
    modal = floor.orders(page)
    modal.get_by_label("Menu").fill("every")
    page.keyboard.press("Enter")
    name = modal.get_by_label("Name")
    name.press_sequentially("Ana Reyes")
    snack = modal.get_by_label("Snack")
    expect(name).to_be_focused()
    expect(name).to_have_value("Ana Reyes")
    floor.slack.eventually(
        lambda: len(floor.slack.person("Ana").modal().options("Snack")) == 9, about="nine snacks"
    )
    expect(name).to_have_value("Ana Reyes")
    expect(modal.get_by_label("Menu")).to_have_value("Everything")
    snack.click()
    expect(page.get_by_role("option")).to_have_count(9)


def test_a_stacked_view_goes_back_to_the_one_below(floor: Floor) -> None:
    """Esc takes the top one off; the form below has its values, and the focus where it was."""
    page = floor.window()
    modal = floor.orders(page)
    fills(page, modal)
    modal.get_by_role("radio", name="Enormous").check()
    modal.get_by_label("Name").focus()
    page.keyboard.press("Enter")
    sure = page.get_by_role("dialog", name="Are you sure?")
    expect(sure.get_by_role("button", name="Back")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(modal.get_by_label("Name")).to_be_focused()
    expect(modal.get_by_label("Snack")).to_have_value("Snack 1")
    expect(modal.get_by_role("radio", name="Enormous")).to_be_checked()


def test_the_focus_stays_in_a_modal_and_goes_back_after_it(floor: Floor) -> None:
    """Tab goes round in it both ways; Esc closes it, and the message field has the focus again."""
    page = floor.window()
    composer = page.get_by_role("textbox", name=re.compile("^Message #"))
    composer.fill("/order ")
    page.keyboard.press("Enter")
    modal = page.get_by_role("dialog", name="Order a snack")
    expect(modal.get_by_label("Name")).to_be_focused()
    first = modal.get_by_role("button", name="Close")
    last = modal.get_by_role("button", name="Order")
    last.focus()
    page.keyboard.press("Tab")
    expect(first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(last).to_be_focused()
    page.keyboard.press("Escape")
    expect(modal).to_have_count(0)
    expect(composer).to_be_focused()


# Comboboxes


def test_a_select_is_used_by_keyboard(floor: Floor) -> None:
    """Letters filter, arrows, Home and End move, Enter chooses; Esc closes the list and not the modal."""
    page = floor.window()
    modal = floor.orders(page)
    person = modal.get_by_role("combobox", name="For (optional)")
    person.focus()
    page.keyboard.press("ArrowDown")
    options = page.get_by_role("option")
    everybody = options.count()
    assert everybody > 5
    page.keyboard.press("End")
    expect(options.last).to_have_class(re.compile("is-active"))
    page.keyboard.type("tess")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(person).to_have_value("Tess Lim")
    page.keyboard.type("zzz")
    expect(page.get_by_role("status").filter(has_text="Nothing matches.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(person).to_have_value("Tess Lim")
    expect(modal).to_be_visible()
    modal.get_by_role("button", name="Clear the choice").first.click()
    expect(person).to_have_value("")


def test_no_more_can_be_chosen_than_the_app_takes(floor: Floor) -> None:
    """The list says so; Backspace and × on a chip make room."""
    page = floor.window()
    modal = floor.orders(page)
    never = modal.get_by_role("combobox", name="Never")
    never.click()
    for extra in ("More salt", "With a dip"):
        page.get_by_role("option", name=extra).click()
    expect(page.get_by_text("You can choose no more than 2.")).to_be_visible()
    expect(page.get_by_role("option", name="Hot")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Escape")
    page.keyboard.press("Backspace")
    expect(modal.get_by_role("listitem")).to_have_text(["More salt"])
    modal.get_by_role("button", name="Remove More salt").click()
    expect(modal.get_by_role("listitem")).to_have_count(0)
    expect(never).to_be_focused()


@pytest.mark.parametrize("size", [(1280, 800), (390, 700), (360, 560)])
def test_a_list_is_never_cut_off(floor: Floor, size: tuple[int, int]) -> None:
    """It stands within the window wherever its field is, over the modal's edge if need be."""
    width, height = size
    page = floor.window(viewport={"width": width, "height": height})
    modal = floor.orders(page)
    for name in ("Snack", "For (optional)", "Menu"):
        modal.get_by_role("combobox", name=name).click()
        box = page.get_by_role("listbox").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
        page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# For everybody


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(floor: Floor, theme: str) -> None:
    """In a message with everything in it, a modal with errors, and an open list."""
    page = floor.window(color_scheme=theme)
    for start in range(0, len(SHOWN), 9):
        blocks = [block for block, _ in [*SHOWN.values()][start : start + 9]]
        expect(floor.shows(page, *blocks)).to_be_visible()
    modal = floor.orders(page)
    assert serious(page) == []
    modal.get_by_role("button", name="Order").click()
    expect(modal.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    modal.get_by_role("combobox", name="Snack").click()
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(modal).to_have_count(0)
    assert serious(page) == []
