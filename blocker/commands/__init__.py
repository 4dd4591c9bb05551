"""The jobs, each whole from start to end."""
