"""The app's manifest, as Slack gets it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def manifest() -> dict[str, Any]:
    """The manifest, from this package where it is installed, else from beside it."""
    bot = Path(__file__).parents[1]
    path = next(p for p in (bot / "manifest.yml", bot.parent / "manifest.yml") if p.exists())
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
