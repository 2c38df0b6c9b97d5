"""How often a password may be tried: ten times in a quarter of an hour, for an account and for an address.

Every try counts before a password is looked at, whatever comes of it, and a success gives nothing back. One
address can use up only half of an account's tries, so that a stranger at one machine cannot lock the owner out.
"""

from __future__ import annotations

import hashlib

from limits import RateLimitItemPerMinute

from app.web import limiter

_TRIES = RateLimitItemPerMinute(10, 15)
_SHARE_OF_ONE_ADDRESS = RateLimitItemPerMinute(5, 15)


class TooManyTries(Exception):
    """Neither this account nor this address may try again for a while."""


def count_try(*, account: str, address: str) -> None:
    """Count a try to sign in; raises TooManyTries when there are none left."""
    # Addresses of people are kept only as hashes, even in memory.
    name = hashlib.sha256(account.strip().lower().encode(errors="replace")).hexdigest()
    buckets = limiter.limiter
    if not buckets.hit(_TRIES, "sign-in by address", address):
        raise TooManyTries
    if buckets.hit(_SHARE_OF_ONE_ADDRESS, "sign-in by account and address", name, address):
        is_left = buckets.hit(_TRIES, "sign-in by account", name)
    else:
        is_left = buckets.test(_TRIES, "sign-in by account", name)
    if not is_left:
        raise TooManyTries
