"""Mara's directory: six people of three functions."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.directory.models import DirectoryPerson
from app.people.models import Account

TEAM = (
    ("Anna Berg", "CEO", "General management", "Executive team"),
    ("Ben Okafor", "CFO", "Finance", "Executive team"),
    ("Carla Ruiz", "Controller", "Finance", "Head of department"),
    ("Dai Nakamura", "COO", "Operations", "Executive team"),
    ("Elif Kaya", "Plant manager", "Operations", "Head of department"),
    ("Frank Weiss", "", "", ""),
)


@pytest.fixture
def team(session: Session, facilitator: Account) -> list[DirectoryPerson]:
    made = [
        DirectoryPerson(
            organisation_id=facilitator.organisation_id,
            name=name,
            email=f"{name.split()[0].lower()}@halden.example",
            role=role,
            function=function,
            level=level,
            identity=f"{name.split()[0].lower()}@halden.example",
        )
        for name, role, function, level in TEAM
    ]
    session.add_all(made)
    session.commit()
    return made
