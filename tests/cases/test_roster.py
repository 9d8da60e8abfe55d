"""The roster's file: what is read, what is refused, each with its row and column and all at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.roster import HEADER, LONGEST_CHAIN, Entry, Line, Plan, Sheet, compare, read, settle

HEAD = "person,superior,team\n"


def sheet(*rows: str, head: str = HEAD) -> Sheet:
    return read((head + "\n".join(rows)).encode())


def told(found: Sheet) -> list[str]:
    return [problem.text for problem in found.problems]


def lines(pairs: Iterable[tuple[str, str]]) -> list[Line]:
    """A file's rows from who and their superior."""
    return [Line(row, person, superior, "Team") for row, (person, superior) in enumerate(pairs, start=2)]


ANA = Line(2, "U0ANA", "ben.carter@northwind.example", "Billing A")
ARJUN = Line(3, "arjun@northwind.example", "U0TESS", "Billing, late")


PLAIN = (
    f'{HEAD}U0ANA,ben.carter@northwind.example,Billing A\narjun@northwind.example,U0TESS,"Billing, late"\n'
)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "\ufeff" + PLAIN.rstrip().replace("\n", "\r\n").replace("ben.carter", "Ben.Carter"),
        PLAIN.replace("Billing, late", "Billing# late").replace(",", ";").replace("#", ","),
        PLAIN.replace('"', "").replace("Billing, late", "Billing# late").replace(",", '","').replace("\n", '"\r"')
        .replace("#", ",").join('""').removesuffix('""'),
        " \n" + PLAIN.replace(",ben", " , ben").replace("U0ANA", " U0ANA"),
    ],
    ids=["plain", "as a spreadsheet saves it", "semicolons", "all quoted, old line ends", "spaces"],
)  # fmt: skip
def test_a_file_is_read_however_it_was_saved(text: str) -> None:
    found = read(text.encode())
    assert found.problems == ()
    assert [(line.person, line.superior, line.team) for line in found.lines] == [
        (line.person, line.superior, line.team) for line in (ANA, ARJUN)
    ]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    """The header is row 1, empty rows count; a value of two lines is still one row."""
    found = sheet("", "U0ANA,U0BEN,A", ",,", '"U0ARJUN","U0BEN","Late\nshift"', "U0AMY,U0BEN,")
    assert [line.row for line in found.lines] == [3, 5, 6]
    assert told(found) == [
        "row 5, team: “Late shift” is too long. Enter at most 80 characters, in one line.",
        "row 6, team: it is empty. Enter the team's name.",
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "row 1: the file is empty. Its first row must be person,superior,team."),
        (b"agent,lead,team\n", "row 1: the header must be exactly person,superior,team, and it is “agent,lead,team”."),
        (b"Person,Superior,Team\nU0ANA,U0BEN,A", "row 1: the header must be exactly person,superior,team"),
        (b"person,superior,team,mail\n", "row 1: the header must be exactly"),
        (b"person,superior;team\n", "row 1: the header must be exactly"),
        (b'"person,superior,team\n', "row 1: the header must be exactly"),
        (b"person,superior,team\r\n\r\n", "file: there are no rows below the header"),
        (b"person,superior,team\nU0ANA,U0BEN,Caf\xe9", "row 2: this is not UTF-8 text"),
        ("person,superior,team\nU0ANA,U0BEN,A".encode("utf-16"), "row 1: this is not UTF-8 text"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_said_in_a_sentence(data: bytes, sentence: str) -> None:
    found = read(data)
    assert found.lines == ()
    (problem,) = told(found)
    assert problem.startswith(sentence)


def test_every_mistake_is_told_with_its_row_and_column() -> None:
    found = sheet(
        "Ana,U0BEN,A",
        "U0ARJUN,,",
        "U0AMY,U0BEN",
        ",C0ASKBILL,A",
        "ana@,U0BEN,A,B",
        f"U0ABEL,U0BEN,{'x' * 81}",
    )
    assert [(problem.row, problem.column) for problem in found.problems] == [
        (2, "person"), (3, "superior"), (3, "team"), (4, None), (5, "person"), (5, "superior"), (6, None), (7, "team"),
    ]  # fmt: skip
    assert told(found)[0] == "row 2, person: “Ana” is neither a Slack id (U0123ABCDEF) nor an e-mail address."
    assert told(found)[3].startswith("row 4: 2 values instead of 3.")


def test_a_quotation_mark_without_its_half_ends_the_reading_where_it_stands() -> None:
    found = sheet("U0ANA,U0BEN,A", 'U0AMY,"U0BEN,A', "U0ABEL,U0BEN,A")
    assert [line.person for line in found.lines] == ["U0ANA"]
    (problem,) = told(found)
    assert problem.startswith("row 3: the file cannot be read from here on")


def test_who_is_named_is_asked_for_once_with_all_places() -> None:
    found = sheet("U0ANA,Ben@x.example,A", "ben@x.example,U0MIA,A", "nobody,ben@x.example,A")
    assert found.references == {
        "U0ANA": [(2, "person")],
        "ben@x.example": [(2, "superior"), (3, "person"), (4, "superior")],
        "U0MIA": [(3, "superior")],
    }


IDS = {"ana@x.example": "U0ANA", "ben@x.example": "U0BEN"}


def test_somebody_who_is_there_twice_is_found_under_both_names() -> None:
    found = lines(
        [("U0ANA", "U0BEN"), ("U0ARJUN", "U0BEN"), ("U0ARJUN", "U0BEN"), ("ana@x.example", "U0BEN")]
    )
    _, problems = settle(found, IDS, {})
    assert [problem.text for problem in problems] == [
        "row 4, person: U0ARJUN is already in row 3. Keep one of the two.",
        "row 5, person: ana@x.example is already in row 2, there as U0ANA. Keep one of the two.",
    ]


def test_nobody_is_their_own_superior() -> None:
    _, problems = settle(lines([("U0ANA", "ana@x.example"), ("U0BEN", "U0MIA")]), IDS, {})
    assert [problem.text for problem in problems] == [
        "row 2, superior: ana@x.example cannot be their own superior. Enter the team lead."
    ]


def test_a_cycle_is_named_as_a_chain_once() -> None:
    around = lines(
        [
            ("U0AMY", "ben@x.example"),
            ("ben@x.example", "U0MIA"),
            ("U0MIA", "ana@x.example"),
            ("U0ANA", "U0BEN"),
        ]
    )
    _, problems = settle(around, IDS, {})
    assert [problem.text for problem in problems] == [
        "row 3, superior: these people report to each other in a circle: ben@x.example → U0MIA → U0ANA → ben@x.example. "
        "Give one of them another superior."
    ]


def test_a_cycle_may_go_through_people_who_are_known_already() -> None:
    """But one that was there before is not the file's to mend."""
    known = {"U0BEN": Entry("U0MIA", "TLs"), "U0MIA": Entry("U0ANA", None)}
    _, problems = settle(lines([("ana@x.example", "U0BEN")]), IDS, known)
    assert [problem.sentence for problem in problems] == [
        "these people report to each other in a circle: ana@x.example → U0BEN → U0MIA → ana@x.example. "
        "Give one of them another superior."
    ]
    old = {"U0BEN": Entry("U0MIA", None), "U0MIA": Entry("U0BEN", None)}
    assert settle(lines([("U0ANA", "U0BEN")]), IDS, old)[1] == []


def test_a_long_cycle_is_told_briefly() -> None:
    around = lines((f"U{n:05}", f"U{(n + 1) % 500:05}") for n in range(500))
    ((problem,), _) = settle(around, {}, {})[1], None
    assert problem.row == 2
    assert problem.sentence.count("→") < LONGEST_CHAIN
    assert "(500 people in all)" in problem.sentence


def test_an_import_is_compared_with_what_is_known() -> None:
    """Whoever the form asked before has a superior and no team yet; whoever was forgotten is new."""
    known = {
        "U0ANA": Entry("U0BEN", "A"),
        "U0ARJUN": Entry("U0BEN", None),
        "U0AMY": Entry(None, None),
        "U0OTTO": Entry("U0MIA", "B"),
    }
    wanted = {person: Entry("U0BEN", "A") for person in ("U0ANA", "U0ARJUN", "U0AMY", "U0ABEL")}
    plan = compare(wanted, known)
    assert (set(plan.new), set(plan.changed), plan.same) == ({"U0AMY", "U0ABEL"}, {"U0ARJUN"}, 1)
    assert plan.summary == "2 new, 1 changed, 1 as before"
    assert compare(wanted, {**known, **wanted}) == Plan({}, {}, 4)


people = st.integers(0, 12).map(lambda n: f"U{n:05}")


@given(st.lists(st.tuples(people, people), max_size=15), st.dictionaries(people, people, max_size=8))
def test_what_is_let_through_has_nobody_twice_and_ends_at_somebody(
    pairs: list[tuple[str, str]], before: dict[str, str]
) -> None:
    """Any rows over any roster: without a problem every chain of superiors that begins in the file ends, unless the
    roster so far had that circle; and every problem has a reason.
    """
    known = {person: Entry(superior, None) for person, superior in before.items() if person != superior}
    entries, problems = settle(lines(pairs), {}, known)
    first = dict(reversed(pairs))
    above = {person: entry.superior or "" for person, entry in known.items()} | first
    twice = len(pairs) - len(first)
    own = [person for person, superior in first.items() if person == superior]
    above = {person: superior for person, superior in above.items() if person not in own}
    circles = {frozenset(circle(person, above)) for person in first} - {frozenset()}
    circles = {around for around in circles if not around.isdisjoint(first)}
    assert [problem.column for problem in problems].count("person") == twice
    assert len(problems) == twice + len(own) + len(circles)
    if not problems:
        assert {person: entry.superior for person, entry in entries.items()} == first


def circle(person: str, above: dict[str, str]) -> set[str]:
    """The circle that somebody's superiors end in; empty where they end."""
    seen: list[str] = []
    here: str | None = person
    while here is not None and here not in seen:
        seen.append(here)
        here = above.get(here)
    return set(seen[seen.index(here) :]) if here is not None else set()


cells = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(st.lists(cells, max_size=4), max_size=6), st.sampled_from([",", ";"]))
def test_whatever_stands_in_a_file_every_row_is_read_or_told(rows: list[list[str]], delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([HEADER, *rows])
    found = read(text.getvalue().encode())
    good = [line for line in found.lines if None not in (line.person, line.superior, line.team)]
    wrong = {problem.row for problem in found.problems}
    assert not wrong & {line.row for line in good}
    assert {line.row for line in found.lines} <= {line.row for line in good} | wrong
    for problem in found.problems:
        assert "\n" not in problem.text


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_end_in_sentences(data: bytes) -> None:
    found = read(data)
    assert found.lines or found.problems
