"""Handing one mail to the mail server, and what its answers mean. No database, no Flask; only the worker calls this.

An attempt ends in one of three ways, and the difference matters for the link in the mail: the server accepted it; it
refused it (`Refused`: nobody has the mail); or the content went out and no answer came (`Unanswered`: the person may
have the mail or not). What the server says in words is never kept: it may quote the mail.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator

from app.config import Encryption, MailServer
from app.languages import gettext as _

TIMEOUT_SECONDS = 10.0

_GREETED = 250
_ACCEPTED = frozenset({250, 251})


class Refused(Exception):
    """The mail was not taken. `may_pass`: trying again later may help."""

    def __init__(self, reason: str, *, may_pass: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.may_pass = may_pass


class Unanswered(Exception):
    """The mail went out, and the server did not say what became of it."""

    @property
    def reason(self) -> str:
        return _("The mail server did not say whether it took the mail.")


def send(server: MailServer, content: bytes, *, recipient: str) -> None:
    """Hand the mail in. Returns once the server has accepted it; raises Refused or Unanswered."""
    is_ascii = recipient.isascii() and server.sender_address.isascii()
    with _connected(server) as smtp:
        if not is_ascii and not smtp.has_extn("smtputf8"):
            raise Refused(
                _("The mail server cannot write to an address with letters other than a to z."),
                may_pass=False,
            )
        code, _words = smtp.mail(server.sender_address, [] if is_ascii else ["SMTPUTF8", "BODY=8BITMIME"])
        if code != _GREETED:
            raise _refused(code, _("The mail server does not let Ninefold send as its sender"))
        code, _words = smtp.rcpt(recipient)
        if code not in _ACCEPTED:
            raise _refused(code, _("The mail server does not take mail for this address"))
        try:
            code, _words = smtp.data(content)
        except smtplib.SMTPDataError as problem:
            raise _refused(problem.smtp_code, _("The mail server refused the mail")) from problem
        except (smtplib.SMTPServerDisconnected, OSError) as problem:
            raise Unanswered from problem
        if code != _GREETED:
            raise _refused(code, _("The mail server refused the mail"))
        # Accepted: whatever happens to the connection from here on changes nothing.


def check(server: MailServer) -> None:
    """Connect, encrypt, sign in and leave again. Raises Refused."""
    with _connected(server) as smtp:
        code, _words = smtp.noop()
        if code != _GREETED:
            raise _refused(code, _("The mail server does not want to work now"))


@contextlib.contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A connection that is encrypted and signed in as the settings say. Its troubles become Refused."""
    smtp: smtplib.SMTP | None = None
    try:
        smtp = _open(server)
        yield smtp
    except Refused:
        raise
    except ssl.SSLCertVerificationError as problem:
        raise Refused(_("The certificate of the mail server is not trusted."), may_pass=False) from problem
    except ssl.SSLError as problem:
        raise Refused(
            _("No encrypted connection to the mail server could be made."), may_pass=False
        ) from problem
    except smtplib.SMTPAuthenticationError as problem:
        raise _refused(
            problem.smtp_code, _("The mail server refused the user name or the password")
        ) from problem
    except smtplib.SMTPNotSupportedError as problem:
        raise Refused(
            _("The mail server does not offer the encryption or the sign-in that is set up."), may_pass=False
        ) from problem
    except smtplib.SMTPResponseException as problem:
        raise _refused(problem.smtp_code, _("The mail server turned Ninefold away")) from problem
    except smtplib.SMTPServerDisconnected as problem:
        if isinstance(problem.__context__, TimeoutError):
            raise _too_slow() from problem
        raise Refused(_("The mail server ended the connection."), may_pass=True) from problem
    except socket.gaierror as problem:
        raise Refused(_("The name of the mail server is not known."), may_pass=True) from problem
    except TimeoutError as problem:
        raise _too_slow() from problem
    except (OSError, smtplib.SMTPException) as problem:
        raise Refused(_("The mail server cannot be reached."), may_pass=True) from problem
    finally:
        if smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()


def _too_slow() -> Refused:
    words = _("The mail server did not answer within %(n)s seconds.", n=f"{TIMEOUT_SECONDS:.0f}")
    return Refused(words, may_pass=True)


def _open(server: MailServer) -> smtplib.SMTP:
    # Named here, because the default asks the network for this machine's own name and may wait for it.
    own_name = server.sender_address.rpartition("@")[2]
    if server.encryption == Encryption.TLS:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, own_name, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, own_name, timeout=TIMEOUT_SECONDS)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.encryption == Encryption.STARTTLS:
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


_CODED = re.compile(r"(?P<refusal>.+?)(?P<passes> for now)? \(code (?P<code>\d+)\)\.")
_SLOW = re.compile(r"The mail server did not answer within (?P<n>\d+) seconds\.")


def reason_words(kept: str) -> str:
    """A reason in the language of whoever reads: the worker writes them down in English."""
    if not kept:
        return ""
    coded, slow = _CODED.fullmatch(kept), _SLOW.fullmatch(kept)
    if coded:
        said = {"refusal": _(coded["refusal"]), "code": coded["code"]}
        if coded["passes"]:
            return _("%(refusal)s for now (code %(code)s).", **said)
        return _("%(refusal)s (code %(code)s).", **said)
    return _("The mail server did not answer within %(n)s seconds.", n=slow["n"]) if slow else _(kept)


def _refused(code: int, words: str) -> Refused:
    may_pass = not 500 <= code < 600
    said = (
        _("%(refusal)s for now (code %(code)s).", refusal=words, code=code)
        if may_pass
        else _("%(refusal)s (code %(code)s).", refusal=words, code=code)
    )
    return Refused(said, may_pass=may_pass)
