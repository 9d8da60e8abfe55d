"""The audit of dependencies: an advisory fails it, and what could not be asked is said, not passed over."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audit import main

CLEAN = {"name": "yarl", "version": "1.25.1", "vulns": []}
SKIPPED = {"name": "idna", "skip_reason": "Dependency not found on PyPI and could not be audited"}
ADVISORY = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["3.14.3"], "description": "A hole."}
HOLED = {"name": "aiohttp", "version": "3.10.0", "vulns": [ADVISORY]}


@pytest.mark.parametrize(
    ("report", "code", "said"),
    [
        (
            "pip-audit ended with 2: no route",
            0,
            "NOT AUDITED: pip-audit ended with 2: no route\nRun `python -m",
        ),
        (
            {"dependencies": [SKIPPED, SKIPPED]},
            0,
            "NOT AUDITED: this index serves no advisories.\nRun `python -m",
        ),
        ({"dependencies": [CLEAN, CLEAN]}, 0, "2 of 2 packages audited.\n"),
        ({"dependencies": [CLEAN, SKIPPED]}, 0, "1 of 2 packages audited.\nNot audited: idna\n"),
        (
            {"dependencies": [CLEAN, SKIPPED, HOLED]},
            1,
            "2 of 3 packages audited.\nNot audited: idna\n"
            "ADVISORY for aiohttp 3.10.0: PYSEC-1, CVE-1; fixed in 3.14.3\n",
        ),
    ],
)
def test_what_it_makes_of_an_answer(
    report: Any, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Silence is no clean bill: it is printed as what it is."""
    assert main(lambda: report) == code
    assert capsys.readouterr().out.startswith(said)
