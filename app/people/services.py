from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.people import queries
from app.people.models import Account, Organisation, SignIn

SIGNED_IN_FOR = timedelta(hours=12)
MIN_PASSWORD_LENGTH = 15
MAX_PASSWORD_LENGTH = 128

_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
# Checked when no account has the address, so that both cases take the same time.
_NOBODYS_HASH = _hasher.hash(secrets.token_urlsafe(16))


class EmailTaken(Exception):
    """Another account has this mail address."""


def create_organisation(session: Session, *, name: str) -> Organisation:
    organisation = Organisation(name=name.strip())
    session.add(organisation)
    session.flush()
    return organisation


def add_account(
    session: Session, *, organisation: Organisation, name: str, email: str, password: str
) -> Account:
    if queries.find_account_by_email(session, email=email) is not None:
        raise EmailTaken(email)
    account = Account(
        organisation_id=organisation.id,
        name=name.strip(),
        email=email.strip().lower(),
        password_hash=_hasher.hash(password),
    )
    session.add(account)
    session.flush()
    return account


def find_by_password(session: Session, *, email: str, password: str) -> Account | None:
    """The active account with this mail address and password; None says no more than that."""
    account = queries.find_account_by_email(session, email=email)
    try:
        _hasher.verify(account.password_hash if account else _NOBODYS_HASH, password)
    except (Argon2Error, InvalidHashError):
        return None
    if account is None or not account.is_active:
        return None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hasher.hash(password)
    return account


def open_sign_in(session: Session, *, account: Account, now: datetime) -> str:
    """Sign one browser in and return the token for its cookie. Rows of the past are swept on the way."""
    session.execute(delete(SignIn).where(SignIn.expires_at <= now))
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(token_hash=queries.hash_token(token), account_id=account.id, expires_at=now + SIGNED_IN_FOR)
    )
    session.flush()
    return token


def close_sign_in(session: Session, *, token: str) -> None:
    session.execute(delete(SignIn).where(SignIn.token_hash == queries.hash_token(token)))


def change_password(session: Session, *, account: Account, password: str) -> None:
    """Set the password and sign every browser out, a thief's too."""
    account.password_hash = _hasher.hash(password)
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))
    session.flush()
