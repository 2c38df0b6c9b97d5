"""Observers: told about a round, shown what its participants are shown afterwards, never asked."""
