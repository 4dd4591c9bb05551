"""Turns results into text."""
