from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.people import services
from tests.factories import PASSWORD


def test_account_can_be_found_by_its_password_alone(session: Session) -> None:
    halden = services.create_organisation(session, name="Halden")
    made = services.add_account(
        session, organisation=halden, name="Mara", email="M@h.example", password=PASSWORD
    )

    assert services.find_by_password(session, email="m@H.example", password=PASSWORD) is made
    assert services.find_by_password(session, email="m@h.example", password=PASSWORD + "!") is None
    assert services.find_by_password(session, email="n@h.example", password=PASSWORD) is None
    assert services.find_by_password(session, email="m@h.example", password="x" * 100_000) is None


def test_two_accounts_cannot_share_an_address(session: Session) -> None:
    halden = services.create_organisation(session, name="Halden")
    services.add_account(session, organisation=halden, name="Mara", email="m@h.example", password=PASSWORD)

    with pytest.raises(services.EmailTaken, match=r"m@h\.example"):
        services.add_account(session, organisation=halden, name="Max", email="M@H.example", password=PASSWORD)


@pytest.mark.parametrize(
    ("name", "email", "password", "sentence"),
    [
        (" ", "m@h.example", PASSWORD, "1 to 200 characters"),
        ("Mara", "nowhere", PASSWORD, "is not a mail address"),
        ("Mara", "m@h.example", "short", "at least 15 characters"),
    ],
)
def test_account_is_refused_with_a_sentence(
    session: Session, name: str, email: str, password: str, sentence: str
) -> None:
    halden = services.create_organisation(session, name="Halden")

    with pytest.raises(services.AccountRefused, match=sentence):
        services.add_account(session, organisation=halden, name=name, email=email, password=password)


def test_organisation_is_made_once(session: Session) -> None:
    first = services.find_or_create_organisation(session, name="Halden Instruments")

    assert services.find_or_create_organisation(session, name="  Halden  Instruments ") is first
