"""The vault: what is sealed only the key opens, what another key sealed is told apart, and no key is ever shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import SEALED, BadKey, NoKey, Vault, WrongKey, is_sealed, new_key

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
anything = texts | texts.map(lambda text: SEALED + text)

FIRST, SECOND = new_key(), new_key()
BEFORE, CHANGING, AFTER, NONE = Vault([FIRST]), Vault([SECOND, FIRST]), Vault([SECOND]), Vault()


@given(anything)
def test_what_is_kept_is_read_again(text: str) -> None:
    """With a key and without, whatever a text begins with; what is kept with a key shows nothing of it."""
    for vault in (BEFORE, NONE):
        assert vault.read(vault.keep(text)) == text
    assert BEFORE.open(BEFORE.seal(text)) == text
    assert is_sealed(BEFORE.keep(text)) == bool(text)
    assert not is_sealed(NONE.keep(text))


def test_sealed_twice_looks_different_each_time() -> None:
    """Nobody sees that two customers have the same number, nor how long a short one is, nor when it was sealed."""
    sealed = [BEFORE.seal("+12125554567") for _ in range(2)] + [BEFORE.seal("x")]
    assert len({*sealed}) == 3
    assert len({*map(len, sealed)}) == 1
    assert all("2125554567" not in one for one in sealed)
    assert len({one.partition(":")[2][:10] for one in sealed}) == 1, "the time in the token"


def test_a_key_that_changes_opens_what_the_old_one_sealed() -> None:
    """The first seals, each opens its own; once the old one is gone, what it sealed stays shut."""
    old = BEFORE.seal("Jane Doe")
    assert CHANGING.open(old) == "Jane Doe"
    assert not old.startswith(CHANGING.sign)
    new = CHANGING.seal("Jane Doe", "here")
    assert new.startswith(CHANGING.sign)
    assert AFTER.open(new, "here") == "Jane Doe"
    with pytest.raises(WrongKey, match="not in ENCRYPTION_KEY"):
        AFTER.open(old)


def test_a_sealed_text_that_was_changed_does_not_open() -> None:
    sealed = BEFORE.seal("Jane Doe")
    with pytest.raises(WrongKey, match="was changed"):
        BEFORE.open(f"{sealed[:-4]}AAA=")
    with pytest.raises(WrongKey):
        BEFORE.open("Jane Doe")


def test_without_a_key_it_says_so() -> None:
    """What must be sealed is not kept otherwise; what may be plain is."""
    assert not NONE.has_key
    for asks, what in ((NONE.seal, "x"), (NONE.open, BEFORE.seal("x")), (NONE.digest, "x")):
        with pytest.raises(NoKey, match="ENCRYPTION_KEY"):
            asks(what)
    with pytest.raises(NoKey):
        NONE.read(BEFORE.keep("Jane Doe"))
    assert NONE.keep("Jane Doe") == "Jane Doe"


def test_what_is_equal_is_found_by_its_digest_and_by_no_other_key() -> None:
    """The same number twice has one digest; with another key it is another one, so that trying all numbers is no use."""
    assert BEFORE.digest("+12125554567") == BEFORE.digest("+12125554567") != BEFORE.digest("+12125554568")
    assert BEFORE.digest("+12125554567") != AFTER.digest("+12125554567")
    assert "2125554567" not in BEFORE.digest("+12125554567")


def test_what_was_marked_is_found_while_a_key_is_new_or_changes() -> None:
    """As it stood in the clear, by the old key's digest, by the new one's."""
    found = CHANGING.marks("+12125554567")
    for vault in (NONE, BEFORE, AFTER, CHANGING):
        assert vault.mark("+12125554567") in found
    assert CHANGING.mark("") == NONE.mark("") == ""


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("secret", "cut off"),
        ("kürzlich", "characters"),
        (FIRST[:-5] + "=", "is not a key"),
        (FIRST[:40], "30 bytes"),
    ],
    ids=[
        "short",
        "strange signs",
        "no base64",
        "too few bytes",
    ],  # the same in every process: keys are made anew
)
def test_what_is_no_key_is_refused_without_showing_it(key: str, why: str) -> None:
    with pytest.raises(BadKey, match=why) as problem:
        Vault([key])
    assert key not in str(problem.value)


def test_no_key_is_shown_where_a_vault_is() -> None:
    assert FIRST not in repr(CHANGING)
    assert all(FIRST[:8] not in one for one in CHANGING.key_ids)
