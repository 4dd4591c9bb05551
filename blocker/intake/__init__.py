"""Reads what people write: config, tasks, dates and durations."""
