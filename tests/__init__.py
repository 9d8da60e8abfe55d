"""Askdesk's tests. Whichever of them runs first sets up how Python keeps compiled modules."""

import os
import sys
from pathlib import Path

COMPILED = Path(__file__).parents[1] / ".pytest_cache" / "compiled"

if sys.dont_write_bytecode:
    # Many containers forbid compiled modules beside the sources. Each worker, and each bot that a story starts, would
    # compile a thousand modules again: a quarter of the work of a whole run.
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(COMPILED)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(COMPILED)
