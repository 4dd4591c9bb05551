"""Timefold is not installed where the tests run."""

collect_ignore = ["timefold.py"]
