"""`python -m tests.audit`: asks PyPI whether an advisory is known for any version in `uv.lock`, by way of pip-audit.

Exit code 1 where there is one. Many networks serve packages without their advisories, or nothing at all: what could not
be asked is printed, and is no failure.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[1]
LONGEST = 300.0
"""Seconds after which a network that swallows requests counts as one that does not answer."""

LOCKED = shlex.split("uv export --locked --quiet --all-groups --no-emit-project --output-file")
ASKED = shlex.split(
    "uv tool run pip-audit --vulnerability-service pypi --disable-pip --timeout 5 --progress-spinner off --format json"
    " --requirement"
)

ELSEWHERE = "Run `python -m tests.audit` where https://pypi.org/pypi/NAME/VERSION/json answers."

Report = Mapping[str, Any]


def main(ask: Callable[[], Report | str] | None = None) -> int:
    """Ask, print what was answered, and return the exit code; `ask` gives pip-audit's report, or why there is none."""
    report = (ask or asked)()
    if isinstance(report, str):
        return _say(0, f"NOT AUDITED: {report}", ELSEWHERE)
    dependencies: Sequence[Report] = report["dependencies"]
    skipped = [one for one in dependencies if "skip_reason" in one]
    if len(skipped) == len(dependencies):
        return _say(0, "NOT AUDITED: this index serves no advisories.", ELSEWHERE)
    lines = [f"{len(dependencies) - len(skipped)} of {len(dependencies)} packages audited."]
    if skipped:
        lines.append("Not audited: " + ", ".join(str(one["name"]) for one in skipped))
    found = [_told(one, advisory) for one in dependencies for advisory in one.get("vulns", ())]
    return _say(1 if found else 0, *lines, *found)


def asked() -> Report | str:
    """Pip-audit's report on what `uv.lock` holds, or why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = str(Path(folder) / "requirements.txt")
        subprocess.run([*LOCKED, requirements], cwd=TOP, check=True)
        try:
            ended = subprocess.run(
                [*ASKED, requirements], cwd=TOP, check=False, capture_output=True, text=True, timeout=LONGEST
            )
        except subprocess.TimeoutExpired:
            return f"no answer within {LONGEST:g} seconds."
    try:
        report: Report = json.loads(ended.stdout)
    except ValueError:
        return f"pip-audit ended with {ended.returncode}: {(ended.stderr.strip().splitlines() or ['no word'])[-1]}"
    return report


def _told(dependency: Report, advisory: Report) -> str:
    names = ", ".join([advisory["id"], *advisory.get("aliases", ())])
    fixed = ", ".join(advisory["fix_versions"]) or "no version yet"
    return f"ADVISORY for {dependency['name']} {dependency['version']}: {names}; fixed in {fixed}"


def _say(code: int, *lines: str) -> int:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
