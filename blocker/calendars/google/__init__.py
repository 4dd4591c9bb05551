"""Google: signing in, calendars, sheets."""
