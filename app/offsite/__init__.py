"""Offsite mode: a meeting that is run from a report, slide by slide, from the silent read to a blank thesis."""
