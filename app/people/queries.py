from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.people.models import Account, Organisation, SignIn


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def has_organisation(session: Session) -> bool:
    return session.scalar(select(Organisation.id).limit(1)) is not None


def find_organisation(session: Session, *, name: str) -> Organisation | None:
    return session.scalar(select(Organisation).where(Organisation.name == name).order_by(Organisation.id))


def find_account_by_email(session: Session, *, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def find_sign_in(session: Session, *, token: str, now: datetime) -> SignIn | None:
    return session.scalar(
        select(SignIn)
        .join(SignIn.account)
        .where(SignIn.token_hash == hash_token(token), SignIn.expires_at > now, Account.is_active)
        .options(joinedload(SignIn.account).joinedload(Account.organisation))
    )
