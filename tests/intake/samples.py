"""Texts that several tests of this room begin with."""

from __future__ import annotations

from collections.abc import Callable

from blocker.intake.config import Config

MINIMAL = """\
team:
  name: Northwind Marketing
  timezone: Europe/Paris
  hours: {mon-fri: 09:00-12:30 13:30-18:00}
sprints: {first: 2026-01-05, length: 2 weeks}
members:
  - id: ana
    name: Ana Ruiz
    email: ana@northwind.example
  - id: ben
    name: Ben Carter
    email: ben@northwind.example
    timezone: America/New_York
"""

Loader = Callable[[str], Config]
