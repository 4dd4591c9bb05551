"""Talks to calendars: one file for each kind of provider, chosen by `registry`."""
