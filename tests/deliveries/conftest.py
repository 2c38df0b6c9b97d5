"""Mara's round with a mail server beside it, and the worker that sends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app import create_app
from app.config import Encryption, MailServer, Settings
from app.db import Database
from app.deliveries.models import Delivery
from app.people.models import Account
from app.surveys.models import Round
from app.web import limiter
from app.worker import Worker
from tests import factories
from tests.deliveries.servers import Post, running
from tests.pages import Browser


def mail_server(port: int, **changes: object) -> MailServer:
    plain = MailServer(
        encryption=Encryption.NONE,
        host="127.0.0.1",
        port=port,
        user="",
        password="",
        sender_name="Ninefold",
        sender_address="surveys@halden.example",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def port(post: Post) -> Iterator[int]:
    with running(post) as port:
        yield port


@pytest.fixture
def mailing(settings: Settings, port: int) -> Settings:
    """The settings with a mail server that works."""
    return replace(settings, mail_server=mail_server(port))


@pytest.fixture
def worker(mailing: Settings, database: Database) -> Worker:
    return Worker(mailing, database)


@pytest.fixture
def mailing_app(mailing: Settings, database: Database) -> Flask:
    made = create_app(mailing, database)
    made.testing = True
    limiter.reset()
    return made


@pytest.fixture
def mara(mailing_app: Flask, facilitator: Account) -> Browser:
    """Mara, signed in where a mail server is set up."""
    return Browser(mailing_app).sign_in(facilitator)


@pytest.fixture
def round_(session: Session, facilitator: Account) -> Round:
    """Open for a week, three people, no link out yet."""
    made = factories.open_round(session, organisation_id=facilitator.organisation_id, n_participants=3)
    session.commit()
    return made


Look = Callable[[], list[Delivery]]


@pytest.fixture
def deliveries(database: Database) -> Look:
    """Every mail as it stands in the database now."""

    def look() -> list[Delivery]:
        with database.reading() as session:
            return list(
                session.scalars(
                    select(Delivery).order_by(Delivery.id).options(joinedload(Delivery.participant))
                )
            )

    return look


def body_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def link_in(mail: EmailMessage) -> str:
    """The path of the personal link."""
    (found,) = set(re.findall(r"https?://[^/\s]+(/r/\S+)", body_of(mail)))
    return found
