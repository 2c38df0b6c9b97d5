from __future__ import annotations

import re

from app.languages import gettext as _

MAX_LENGTH = 254

_LABEL = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
_ADDRESS = re.compile(rf"(?P<local>[^\s@<>()\[\],;:\\\"]{{1,64}})@(?:{_LABEL}\.)+{_LABEL}")


class AddressRefused(Exception):
    """This is no mail address; the message says so in a sentence."""


def checked_address(text: str) -> str:
    """The mail address as it is to be stored: spaces gone, in lower case.

    Only its form is checked, and not too finely: an address inside a company network (`anna@halden.local`) is as
    good as any, and nothing is asked over the network.
    """
    address = text.strip().lower()
    if len(address) > MAX_LENGTH:
        raise AddressRefused(_("This mail address is longer than %(n)s characters.", n=MAX_LENGTH))
    found = _ADDRESS.fullmatch(address)
    is_dotted_well = found is not None and all(found["local"].split("."))
    if not is_dotted_well or not address.isprintable():
        raise AddressRefused(_("“%(words)s” is not a mail address.", words=text.strip()))
    return address
