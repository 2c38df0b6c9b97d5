from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from app.directory.pasting import identity_of
from app.jobs.services import enqueue
from app.languages import gettext as _
from app.observing import queries
from app.observing.models import ObserverLink
from app.surveys.models import Round, RoundState
from app.surveys.observers import Observer
from app.surveys.queries import hash_token, list_identities


class ObserverTaken(Exception):
    """This person observes the round already, or is asked in it; the message says which."""


class CountChanged(Exception):
    """Not as many observers as the page said: nobody is told before somebody has looked again."""


def add_observer(session: Session, *, round_: Round, name: str, email: str, role: str) -> Observer:
    identity = identity_of(name=name, email=email)
    if identity in {each.identity for each in queries.list_observers(session, round_id=round_.id)}:
        raise ObserverTaken(_("%(name)s observes this round already.", name=name))
    if identity in list_identities(session, round_id=round_.id):
        raise ObserverTaken(
            _("%(name)s is asked in this round, so there is nothing more to observe.", name=name)
        )
    observer = Observer(round_id=round_.id, name=name, email=email, role=role, identity=identity)
    session.add(observer)
    session.flush()
    return observer


def remove_observer(session: Session, *, observer: Observer) -> None:
    """From now on the links of this observer open nothing."""
    session.delete(observer)
    session.flush()


def make_link(session: Session, *, observer: Observer, now: datetime) -> str:
    """A new link by hand, to be shown once; those from before end at once."""
    for link in queries.list_live_links(session, observer_id=observer.id):
        link.revoked_at = now
    return add_link(session, observer=observer, now=now)


def add_link(session: Session, *, observer: Observer, now: datetime) -> str:
    """One more link, beside those that work: a mail may arrive though its server said nothing."""
    token = secrets.token_urlsafe(32)
    session.add(ObserverLink(token_hash=hash_token(token), observer_id=observer.id, created_at=now))
    session.flush()
    return token


def tell_observers(
    session: Session, *, round_: Round, account_id: int, n_expected: int, now: datetime
) -> int:
    """Have a mail sent to everybody who has not been told; their number."""
    if len(queries.list_untold(session, round_id=round_.id)) != n_expected or not n_expected:
        raise CountChanged
    queue_telling(session, round_=round_, account_id=account_id, now=now)
    return n_expected


def queue_telling(session: Session, *, round_: Round, account_id: int, now: datetime) -> None:
    """One job for each observer who has an address and has not been told."""
    if round_.state == RoundState.DRAFT:
        return
    for observer in queries.list_untold(session, round_id=round_.id):
        observer.reason = ""
        enqueue(
            session,
            kind="tell_observer",
            key=f"tell_observer:{observer.id}:{now.isoformat()}",
            payload={"observer_id": observer.id, "account_id": account_id},
        )
