"""Whether a request is Slack's: its signature, held against the bytes as they came, before anything reads them.

https://docs.slack.dev/authentication/verifying-requests-from-slack/: an HMAC over version, timestamp and raw body, and
nothing older than five minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

FRESH = timedelta(minutes=5)

_STAMP = re.compile(r"[0-9]{1,12}")
_HASH = re.compile(r"v0=[0-9a-f]{64}")


@dataclass(frozen=True)
class Signature:
    """What a request's headers hold; only its body says whether it is true."""

    stamp: str
    value: str

    def covers(self, body: bytes, secret: str) -> bool:
        """Whether this body was signed with the secret."""
        signed = b"v0:%s:%s" % (self.stamp.encode(), body)
        due = f"v0={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
        return hmac.compare_digest(due, self.value)


def signature_of(headers: Mapping[str, str], now: datetime) -> Signature | None:
    """The signature in these headers; None where there is none, or where it is not of these five minutes."""
    stamp = headers.get("X-Slack-Request-Timestamp", "")
    value = headers.get("X-Slack-Signature", "")
    if not (_STAMP.fullmatch(stamp) and _HASH.fullmatch(value)):
        return None
    if abs(now.timestamp() - int(stamp)) > FRESH.total_seconds():
        return None
    return Signature(stamp, value)
