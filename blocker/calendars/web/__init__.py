"""The one checked way to ask a server of somebody's choice."""
