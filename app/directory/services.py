from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.directory import queries
from app.directory.models import DirectoryPerson
from app.directory.pasting import Person, identity_of


class PersonTaken(Exception):
    """Somebody else in the directory has, or had, this address or this name."""


@dataclass(frozen=True)
class PersonDetails:
    name: str
    email: str
    role: str
    function: str
    level: str
    time_zone: str = ""


def add_people(session: Session, *, organisation_id: int, people: Iterable[Person]) -> list[DirectoryPerson]:
    """Add those who are not in the directory yet; whoever is there already stays as they are."""
    present = queries.map_by_identity(session, organisation_id=organisation_id)
    added = []
    for person in people:
        if person.identity in present:
            continue
        made = DirectoryPerson(
            organisation_id=organisation_id,
            name=person.name,
            email=person.email,
            role=person.role,
            function=person.function,
            level=person.level,
            identity=person.identity,
        )
        present[person.identity] = made
        added.append(made)
    session.add_all(added)
    session.flush()
    return added


def add_person(session: Session, *, organisation_id: int, details: PersonDetails) -> DirectoryPerson:
    identity = identity_of(name=details.name, email=details.email)
    if identity in queries.map_by_identity(session, organisation_id=organisation_id):
        raise PersonTaken
    person = DirectoryPerson(organisation_id=organisation_id, identity=identity)
    _apply(person, details)
    session.add(person)
    session.flush()
    return person


def change_person(session: Session, *, person: DirectoryPerson, details: PersonDetails) -> None:
    """Correct what is known of somebody. They stay who they are, so their rounds still compare."""
    there = queries.map_by_identity(session, organisation_id=person.organisation_id)
    other = there.get(identity_of(name=details.name, email=details.email))
    if other is not None and other.id != person.id:
        raise PersonTaken
    _apply(person, details)
    session.flush()


def mark_left(session: Session, *, person: DirectoryPerson, is_left: bool, now: datetime) -> None:
    """From now on this person is offered for no round, or is again. Rounds that were launched stay as they are."""
    person.left_at = now if is_left else None
    session.flush()


def _apply(person: DirectoryPerson, details: PersonDetails) -> None:
    person.name, person.email = details.name, details.email
    person.role, person.function, person.level = details.role, details.function, details.level
    person.time_zone = details.time_zone
