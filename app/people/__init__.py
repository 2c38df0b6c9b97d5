"""Organisations, the accounts of their facilitators, and sign-in."""
