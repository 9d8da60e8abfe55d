"""Tests of the bot may be coroutines, as those of the sandbox."""

from tests.sandbox.conftest import pytest_pyfunc_call

__all__ = ["pytest_pyfunc_call"]
