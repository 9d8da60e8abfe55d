"""A synchronous driver of the sandbox: acts as people do, and finds things by what people see.

::

    slack = Driver("http://127.0.0.1:8765")
    ana, ben = slack.person("Ana"), slack.person("Ben")
    ana.types("/escalate Jane", in_="#ask-billing")
    ana.modal().submit({"Customer": "Jane", "Reasons": ["Billing dispute"]})
    card = ben.sees("Case 1", in_="#ask-billing")
    ben.clicks("Claim", on=card)
    assert "Ben has it" in card.thread()[-1].text

Waiting is done on the workspace's changes, so nothing polls. What isn't found raises ``NotSeen`` or ``NotThere``
with what was there instead; what the workspace doesn't allow raises ``Refused`` with its reason.
"""

from sandbox.driver.errors import NotSeen, NotThere, Refused, Unreachable
from sandbox.driver.message import Message
from sandbox.driver.modal import Home, Modal
from sandbox.driver.person import Person
from sandbox.driver.results import Ack, Result
from sandbox.driver.scene import PATIENCE
from sandbox.driver.story import Driver, Place, mentions, render_text

__all__ = [
    "PATIENCE",
    "Ack",
    "Driver",
    "Home",
    "Message",
    "Modal",
    "NotSeen",
    "NotThere",
    "Person",
    "Place",
    "Refused",
    "Result",
    "Unreachable",
    "mentions",
    "render_text",
]
