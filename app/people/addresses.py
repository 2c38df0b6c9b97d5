from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

MAX_LENGTH = 254


class AddressRefused(Exception):
    """This is no mail address; the message says so in a sentence."""


def checked_address(text: str) -> str:
    """The mail address as it is to be stored: spaces gone, in lower case.

    Only its form is checked: nothing is asked over the network, and an address inside a company network
    (`anna@halden.local`) is as good as any.
    """
    address = text.strip()
    sentence = f"“{address}” is not a mail address."
    if len(address) > MAX_LENGTH:
        raise AddressRefused(f"This mail address is longer than {MAX_LENGTH} characters.")
    try:
        checked = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as problem:
        raise AddressRefused(sentence) from problem
    if "." not in (checked.ascii_domain or ""):
        raise AddressRefused(sentence)
    lowered = checked.normalized.lower()
    if len(lowered) > MAX_LENGTH:
        raise AddressRefused(f"This mail address is longer than {MAX_LENGTH} characters.")
    return lowered
