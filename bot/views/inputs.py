"""The inputs of the forms: one block per field, named by it, with the field's label above.

`block_id` and `action_id` are the field's value in every form, so that what was typed survives a redraw.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypedDict, Unpack

from slack_sdk.models import blocks as slack

from bot.views.blocks import plain
from bot.views.zones import offered
from cases.fields import Field
from cases.mrkdwn import escape, shorten, trimmed
from cases.times import wall
from cases.words import Word

OPTION_AT_MOST = 75
VALUE_AT_MOST = 150
OPTIONS_AT_MOST = 100
TYPED_AT_MOST = 3000

YES = "yes"
"""The value of a checkbox that stands alone."""

ASKED_FOR_TIME = "Customer asked for this time"


class How(TypedDict, total=False):
    """How an input is shown: whether it may stay empty, whether each change of it is sent at once, the line below."""

    optional: bool
    redraws: bool
    hint: str | None


def line(field: Word, initial: str | None, *, most: int, **how: Unpack[How]) -> slack.InputBlock:
    """One line of text."""
    one_line = " ".join((initial or "").split())
    element = slack.PlainTextInputElement(
        action_id=field.value, initial_value=trimmed(one_line, most) or None, max_length=most
    )
    return block(field, element, **how)


def paragraph(
    field: Word,
    initial: str | None = None,
    *,
    least: int | None = None,
    most: int = TYPED_AT_MOST,
    **how: Unpack[How],
) -> slack.InputBlock:
    """Several lines of text."""
    element = slack.PlainTextInputElement(
        action_id=field.value,
        initial_value=trimmed(initial or "", most) or None,
        multiline=True,
        min_length=least,
        max_length=most,
    )
    return block(field, element, **how)


def radio(
    field: Word, words: Iterable[Word], initial: str | None = None, **how: Unpack[How]
) -> slack.InputBlock:
    """One of a few words, all in sight."""
    options = _words(words)
    element = slack.RadioButtonsElement(
        action_id=field.value, options=options, initial_option=_chosen(options, initial)
    )
    return block(field, element, **how)


def select(
    field: Word, words: Iterable[Word], initial: str | None = None, **how: Unpack[How]
) -> slack.InputBlock:
    """One of several words, from a menu."""
    return menu(field, _words(words), initial, **how)


def menu(
    field: Word, options: Sequence[slack.Option], initial: str | None = None, **how: Unpack[How]
) -> slack.InputBlock:
    """One of these options, from a menu; Slack takes a hundred at most."""
    options = options[:OPTIONS_AT_MOST]
    element = slack.StaticSelectElement(
        action_id=field.value, options=options, initial_option=_chosen(options, initial)
    )
    return block(field, element, **how)


def several(field: Word, words: Iterable[Word], initial: Sequence[str], *, most: int) -> slack.InputBlock:
    """One to `most` of several words."""
    options = _words(words)
    chosen = [option for option in options if option.value in initial][:most]
    element = slack.StaticMultiSelectElement(
        action_id=field.value, options=options, initial_options=chosen or None, max_selected_items=most
    )
    return block(field, element)


def several_of(field: Word, options: Sequence[slack.Option], *, chosen: bool = False) -> slack.InputBlock:
    """One or more of these options, from a menu; all of them chosen to begin with, or none."""
    options = options[:OPTIONS_AT_MOST]
    element = slack.StaticMultiSelectElement(
        action_id=field.value, options=options, initial_options=options if chosen else None
    )
    return block(field, element)


def checkboxes(
    field: Word,
    options: Sequence[slack.Option],
    initial: Sequence[str] = (),
    *,
    optional: bool = True,
    redraws: bool = False,
) -> slack.InputBlock:
    """Any of these options, or none: Slack calls that optional."""
    chosen = [option for option in options if option.value in initial]
    element = slack.CheckboxesElement(action_id=field.value, options=options, initial_options=chosen or None)
    return block(field, element, optional=optional, redraws=redraws)


def tick(field: Word, label: str, initial: bool = False, *, redraws: bool = False) -> slack.InputBlock:
    """One checkbox."""
    return checkboxes(field, [known(label, YES)], [YES] if initial else (), redraws=redraws)


def person(field: Word, initial: str | None = None, **how: Unpack[How]) -> slack.InputBlock:
    """Somebody of the workspace."""
    element = slack.UserSelectElement(action_id=field.value, initial_user=initial or None)
    return block(field, element, **how)


Offered = Mapping[str, Mapping[str, str]]
"""People to choose from: under each heading their names, by id."""


def by_name(found: Mapping[str, Iterable[str]], names: Mapping[str, str]) -> Offered:
    """People under their headings, sorted by name; of two with the same name each has the id beside it."""
    alike = Counter(name.casefold() for name in names.values())

    def shown(user: str) -> str:
        return names[user] if alike[names[user].casefold()] == 1 else f"{names[user]} ({user})"

    return {
        heading: dict(sorted(((user, shown(user)) for user in users), key=lambda one: one[1].casefold()))
        for heading, users in found.items()
    }


def one_of(field: Word, offered: Offered | None, *, hint: str | None = None) -> slack.InputBlock:
    """One of these people, each name under its heading; anybody in the workspace where it is not known who is offered."""
    groups = [
        slack.OptionGroup(label=plain(shorten(escape(heading), OPTION_AT_MOST)), options=part)
        for heading, names in (offered or {}).items()
        for part in _parts([option(name, user) for user, name in names.items()])
    ]
    if not groups:
        return person(field, hint=hint)
    element = slack.StaticSelectElement(action_id=field.value, option_groups=groups[:OPTIONS_AT_MOST])
    return block(field, element, hint=hint)


def people(field: Word, initial: Sequence[str]) -> slack.InputBlock:
    """Several people of the workspace, or nobody."""
    element = slack.UserMultiSelectElement(action_id=field.value, initial_users=list(initial) or None)
    return block(field, element, optional=True)


def searched(field: Word, initial: slack.Option | None, *, hint: str | None = None) -> slack.InputBlock:
    """One of more options than a menu holds, or none: the app answers what is typed (`several_searched`)."""
    element = slack.ExternalDataSelectElement(
        action_id=field.value, initial_option=initial, min_query_length=0
    )
    return block(field, element, optional=True, hint=hint)


def several_searched(
    field: Word, initial: Sequence[slack.Option], *, hint: str | None = None
) -> slack.InputBlock:
    """Several of what Slack has no menu of, or none, so the app answers what is typed.

    https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
    """
    element = slack.ExternalDataMultiSelectElement(
        action_id=field.value, initial_options=list(initial) or None, min_query_length=0
    )
    return block(field, element, optional=True, hint=hint)


def clock(field: Word, initial: str | None) -> slack.InputBlock:
    """A time of day, `HH:MM`."""
    return block(field, slack.TimePickerElement(action_id=field.value, initial_time=initial))


def day(initial: str | None) -> slack.InputBlock:
    """The callback's date, `YYYY-MM-DD`."""
    return block(Field.DATE, slack.DatePickerElement(action_id=Field.DATE.value, initial_date=initial))


def date_of(field: Word, *, hint: str | None = None) -> slack.InputBlock:
    """A day, `YYYY-MM-DD`, or none."""
    return block(field, slack.DatePickerElement(action_id=field.value), optional=True, hint=hint)


def time(initial: str | None) -> slack.InputBlock:
    """The callback's time, `HH:MM`, on the customer's clock."""
    element = slack.TimePickerElement(action_id=Field.TIME.value, initial_time=initial)
    return block(Field.TIME, element, hint="On the customer's clock.")


def zone(now: datetime, preset: str, *others: str) -> slack.InputBlock:
    """The customer's zone; `preset` is chosen, it and `others` stand first."""
    options = [known(label, name) for name, label in offered(now, preset, *others)]
    return menu(Field.ZONE, options, preset)


def asked_for_time(initial: bool = False) -> slack.InputBlock:
    """What makes a time outside calling hours, or on a holiday, stand (docs/policy.md, *The callback time*)."""
    return tick(Field.ASKED_FOR_TIME, ASKED_FOR_TIME, initial)


def when(preset: datetime, zone_name: str, now: datetime, *others: str) -> list[slack.InputBlock]:
    """Date, time and zone of a promise, preset to an instant on that zone's clock."""
    local = wall(preset, zone_name)
    return [
        day(f"{local:%Y-%m-%d}"),
        time(f"{local:%H:%M}"),
        zone(now, zone_name, *others),
        asked_for_time(),
    ]


def option(label: str, value: str) -> slack.Option:
    """An option whose label is shown as it is."""
    return slack.Option(text=plain(shorten(escape(label), OPTION_AT_MOST)), value=value[:VALUE_AT_MOST])


class _Ready(slack.Option):
    """An option that is put into JSON once, not for each form: a menu of zones has a hundred of them."""

    def __init__(self, text: slack.PlainTextObject, value: str) -> None:
        super().__init__(text=text, value=value)
        self._json = super().to_dict()

    def to_dict(self, option_type: str = "block") -> dict[str, Any]:
        return self._json


@lru_cache(maxsize=1024)
def known(label: str, value: str) -> slack.Option:
    """An option that many forms have, word for word: a zone, or one of the desk's own words."""
    return _Ready(plain(shorten(escape(label), OPTION_AT_MOST)), value[:VALUE_AT_MOST])


def block(field: Word, element: slack.InputInteractiveElement, **how: Unpack[How]) -> slack.InputBlock:
    """An element under its field's label."""
    hint = how.get("hint")
    return slack.InputBlock(
        block_id=field.value,
        label=plain(field.label),
        element=element,
        optional=how.get("optional", False),
        dispatch_action=how.get("redraws") or None,
        hint=plain(hint) if hint else None,
    )


def _parts(options: Sequence[slack.Option]) -> Iterator[Sequence[slack.Option]]:
    """As many at once as Slack takes."""
    for start in range(0, len(options), OPTIONS_AT_MOST):
        yield options[start : start + OPTIONS_AT_MOST]


def _words(words: Iterable[Word]) -> list[slack.Option]:
    return [known(word.label, word.value) for word in words]


def _chosen(options: Sequence[slack.Option], value: str | None) -> slack.Option | None:
    return next((one for one in options if value and one.value == value), None)
