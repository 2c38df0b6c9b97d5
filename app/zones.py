"""The time zones that a form offers, by part of the world."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from app.languages import marked

REGIONS = (
    marked("Africa"),
    marked("America"),
    marked("Antarctica"),
    marked("Arctic"),
    marked("Asia"),
    marked("Atlantic"),
    marked("Australia"),
    marked("Europe"),
    marked("Indian"),
    marked("Pacific"),
)


@cache
def zones_by_region() -> dict[str, list[tuple[str, str]]]:
    """Every zone that is named for a place, as choices of a grouped list; UTC first."""
    groups: dict[str, list[tuple[str, str]]] = {marked("No place"): [("UTC", "UTC")]}
    for region in REGIONS:
        names = sorted(name for name in available_timezones() if name.startswith(f"{region}/"))
        groups[region] = [
            (name, name.partition("/")[2].replace("_", " ").replace("/", ", ")) for name in names
        ]
    return groups


@cache
def zone_names() -> frozenset[str]:
    return frozenset(name for choices in zones_by_region().values() for name, _words in choices)
