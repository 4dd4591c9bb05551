"""Which zone a TZID of a calendar file means: a known one, or one that the file defines."""

from __future__ import annotations

from datetime import tzinfo

from blocker.calendars.text.expansion import Budget
from blocker.calendars.text.outline import Component
from blocker.calendars.text.zone_definitions import read_zone
from blocker.calendars.text.zone_names import zone_named


class UnknownZone(Exception):
    """A TZID that nobody knows and the file does not define."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


class Zones:
    """The zones of one calendar file.

    A known name wins over the file's definition of it, since definitions grow stale; a definition
    is used for names that are not known.
    """

    def __init__(self, components: list[Component], data: bytes) -> None:
        self._components = components
        self._data = data
        self._found: dict[str, tzinfo | None] = {}
        self._defined: dict[str, tzinfo] | None = None

    def named(self, name: str) -> tzinfo:
        """Raises UnknownZone."""
        if name not in self._found:
            self._found[name] = zone_named(name) or self._definitions().get(name.strip())
        zone = self._found[name]
        if zone is None:
            raise UnknownZone(name)
        return zone

    def _definitions(self) -> dict[str, tzinfo]:
        if self._defined is None:
            budget = Budget(100_000)
            read = [read_zone(component, self._data, budget) for component in self._components]
            self._defined = dict(pair for pair in read if pair)
        return self._defined
