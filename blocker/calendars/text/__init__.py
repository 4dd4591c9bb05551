"""iCalendar as text: read within bounds, written back with all else kept (RFC 5545)."""
