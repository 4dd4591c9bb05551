"""Remembers: tasks, intents, receipts."""
