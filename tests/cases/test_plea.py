"""Which messages ask for a supervisor in a customer's name, and what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.mrkdwn import as_typed
from cases.plea import Story, is_plea, read_story


@pytest.mark.parametrize(
    "text",
    [
        "my customer wants a supervisor, 212 555 0100",
        "Customer Jane Doe insists on a manager, +1 212 555 0132",
        "cx is demanding to speak with a sup",
        "Caller wants to talk to my boss right now",
        "can someone take a supervisor call? client is furious",
        "customer asking for a callback from a TL at 5pm",
        "pls call her back 212-555-0100, she is very upset about a manager",
        "Need an escalation for customer on the line, billed twice",
        "guest demands a manager",
        "I have a customer on the line who insists on a team lead",
        "escalate please: (212) 555-0100 Jane Doe",
        "supervisor callback 2125550100",
        "Mr. Quarks wants a supervisor",
        "customer requested a call back today",
        "Any TL free? Customer won't talk to me and wants the manager",
        "caller would like to speak to someone higher up",
        "member is asking for somebody in charge, needs a supervisor",
        "the client needs an escalation, third call this week",
        "Customer refuses to speak to anyone but a manager",
        "Hi team, my customer Maria Santos is asking for a supervisor. Her number is +63 917 123 4567. She was billed twice",
        "sup call please, cx angry, 212.555.0100",
        "jane@example.com wants a manager to call back",
        "customer's on hold and wants a supervisor",
        "Can a TL call the customer back? 646 555 0134",
        "card holder insists on escalation",
    ],
)
def test_a_plea_is_heard(text: str) -> None:
    assert is_plea(text, "US")


@pytest.mark.parametrize(
    "text",
    [
        "Our supervisor is on lunch",
        "Is any TL on shift?",
        "can a TL help me with the refund tool?",
        "I'll call you back after lunch",
        "manager meeting at 3pm in room 4",
        "the customer was lovely today",
        "Thanks for taking that supervisor call, customer is happy now",
        "How do I escalate a customer?",
        "What should I say when a customer wants a supervisor?",
        "If a customer asks for a supervisor, use /escalate",
        "customer no longer wants a supervisor",
        "customer doesn't want a manager anymore",
        "case 11: the customer wants a supervisor, please hurry",
        "I already escalated the customer to the TL",
        "My customer says the app crashes on login",
        "Who is the manager today?",
        "customer called again about the invoice",
        "Please update the escalation guideline",
        "training on customer escalations at 4",
        "My number is 212 555 0100 if you need me",
        "Dial 212 555 0100 for IT",
        "the new phone is 212 555 0100 for payroll",
        "Yesterday a customer wanted a supervisor, what a day",
        "Customer calmed down, no supervisor needed",
        "kudos to the team lead, that customer was tough",
        "@ana can you ask your TL for the roster?",
        "I need a break, TL please",
        "escalations are up this week",
        "does anyone know the customer's plan codes?",
        "we need more managers on nights",
        "Zebulon Quarks 4471 called again",
        "Happy birthday to our best supervisor!",
        "Supervisor, can I swap my shift tomorrow?",
        "the member portal is down, please tell the manager",
        "When the customer insists on a manager, offer the callback first",
        "Is the callback list empty?",
        "please close the escalation form before logging off",
        "I'll call the customer back at 212 555 0100 later",
        "customer service manager, please send the new roster",
        "We called her back at 212 555 0100, all good",
    ],
)
def test_ordinary_talk_is_none(text: str) -> None:
    """About shifts, tools, cases that are raised, how things are done, and what is over."""
    assert not is_plea(text, "US")


@pytest.mark.parametrize(
    ("text", "story"),
    [
        (
            "my customer wants a supervisor, 212 555 0100",
            Story("", "212 555 0100", "my customer wants a supervisor"),
        ),
        (
            "Customer Jane Doe insists on a manager, her number is +1 212 555 0132. Billed twice!",
            Story("Jane Doe", "+1 212 555 0132", "Customer Jane Doe insists on a manager. Billed twice!"),
        ),
        (
            "Mr. Quarks, jane@example.com, wants a callback",
            Story("Mr. Quarks", "jane@example.com", "Mr. Quarks, wants a callback"),
        ),
        ("order 4711 is late again", Story("", "", "order 4711 is late again")),
        ("call 911 now", Story("", "", "call 911 now")),
    ],
)
def test_a_story_has_the_name_the_contact_and_the_words_without_it(text: str, story: Story) -> None:
    assert read_story(text, "US") == story


def test_a_message_is_read_as_it_was_typed() -> None:
    """Slack makes links of numbers and addresses, and escapes three characters."""
    marked = "<@U0ASKDESK> O&amp;M customer: <tel:2125550100|212 555 0100>, <mailto:j@x.org|j@x.org> &lt;urgent&gt; <#C0A|ask>"
    assert as_typed(marked) == " O&M customer: 212 555 0100, j@x.org <urgent> "
    assert as_typed("<https://x.org>") == "https://x.org"


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    is_plea(text, "US")
    story = read_story(text, "US")
    assert len(story.customer) <= 80
    assert story.contact in text
