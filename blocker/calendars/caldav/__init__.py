"""Calendars on CalDAV servers (RFC 4791)."""
