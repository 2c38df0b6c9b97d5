from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from app.people import queries
from app.people.addresses import AddressRefused, checked_address
from app.people.models import Account, Organisation, SignIn
from app.people.passwords import MAX_LENGTH, prepared, why_refused
from app.texts import clean_line

SIGNED_IN_FOR = timedelta(hours=12)
MAX_NAME = 200

_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
# Checked when no account has the address, so that both cases take the same time.
_NOBODYS_HASH = _hasher.hash(secrets.token_urlsafe(16))


class EmailTaken(Exception):
    """Another account has this mail address; the message says so."""


class AccountRefused(Exception):
    """The mail address or the password will not do; the message says why."""


class AlreadyStarted(Exception):
    """An organisation exists: the first start is over."""


def start(session: Session, *, organisation_name: str, name: str, email: str, password: str) -> Account:
    """The first organisation and its first account, once; raises AlreadyStarted from then on."""
    if session.get_bind().dialect.name == "postgresql":
        # Two first starts at once: the second one waits here and then sees the first. SQLite has one writer anyway.
        session.execute(text("LOCK TABLE organisations IN SHARE ROW EXCLUSIVE MODE"))
    if queries.has_organisation(session):
        raise AlreadyStarted
    organisation = create_organisation(session, name=organisation_name)
    return add_account(session, organisation=organisation, name=name, email=email, password=password)


def create_organisation(session: Session, *, name: str) -> Organisation:
    organisation = Organisation(name=clean_line(name))
    session.add(organisation)
    session.flush()
    return organisation


def find_or_create_organisation(session: Session, *, name: str) -> Organisation:
    return queries.find_organisation(session, name=clean_line(name)) or create_organisation(
        session, name=name
    )


def add_account(
    session: Session, *, organisation: Organisation, name: str, email: str, password: str
) -> Account:
    """Add a facilitator; raises AccountRefused or EmailTaken."""
    name = clean_line(name)
    if not 0 < len(name) <= MAX_NAME:
        raise AccountRefused(f"The name must have 1 to {MAX_NAME} characters.")
    try:
        address = checked_address(email)
    except AddressRefused as refusal:
        raise AccountRefused(str(refusal)) from refusal
    refusal_of_password = why_refused(password, names=(organisation.name, name, address))
    if refusal_of_password:
        raise AccountRefused(f"This password will not do. {refusal_of_password}")
    if queries.find_account_by_email(session, email=address) is not None:
        raise EmailTaken(f"There is an account with the mail address {address} already.")
    account = Account(
        organisation_id=organisation.id,
        name=name,
        email=address,
        password_hash=_hasher.hash(prepared(password)),
    )
    session.add(account)
    session.flush()
    return account


def find_by_password(session: Session, *, email: str, password: str) -> Account | None:
    """The active account with this mail address and password; None says no more than that."""
    account = queries.find_account_by_email(session, email=email)
    typed = prepared(password)
    if len(typed) > MAX_LENGTH:
        return None
    try:
        _hasher.verify(account.password_hash if account else _NOBODYS_HASH, typed)
    except (Argon2Error, InvalidHashError):
        return None
    if account is None or not account.is_active:
        return None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hasher.hash(prepared(password))
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
    account.password_hash = _hasher.hash(prepared(password))
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))
    session.flush()
