"""Time blocking for marketing teams: every committed task stands in its owner's calendar."""

__version__ = "0.1.0"
