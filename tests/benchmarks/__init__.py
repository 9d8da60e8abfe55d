"""Figures beside the peers': what the desk takes for what it promises, on the machine that runs this.

    uv run --group benchmarks python -m tests.benchmarks

measures everything and writes `results.md` and `results.json` in this folder; `--help` says how to measure a part.
"""
