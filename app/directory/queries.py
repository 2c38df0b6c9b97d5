from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.models import DirectoryPerson


def list_people(session: Session, *, organisation_id: int) -> list[DirectoryPerson]:
    """Everybody, those who have left too, in the order of names."""
    found = session.scalars(select(DirectoryPerson).where(DirectoryPerson.organisation_id == organisation_id))
    # Sorted here and not by the database: the two kinds of database sort names differently.
    return sorted(found, key=lambda person: (person.name.casefold(), person.id))


def list_present(session: Session, *, organisation_id: int) -> list[DirectoryPerson]:
    """Those who have not left."""
    return [
        person for person in list_people(session, organisation_id=organisation_id) if person.left_at is None
    ]


def find_person(session: Session, *, organisation_id: int, person_id: int) -> DirectoryPerson | None:
    return session.scalar(
        select(DirectoryPerson).where(
            DirectoryPerson.id == person_id, DirectoryPerson.organisation_id == organisation_id
        )
    )


def map_zones(session: Session, *, organisation_id: int) -> dict[str, str]:
    """Where people work, by identity; who has no zone is not in it."""
    found = session.scalars(
        select(DirectoryPerson).where(
            DirectoryPerson.organisation_id == organisation_id, DirectoryPerson.time_zone != ""
        )
    )
    return {person.identity: person.time_zone for person in found}


def map_by_identity(session: Session, *, organisation_id: int) -> dict[str, DirectoryPerson]:
    """Everybody by what a list may call them: the identity that they keep, and the address that they have now."""
    people = list_people(session, organisation_id=organisation_id)
    return {person.email: person for person in people if person.email} | {
        person.identity: person for person in people
    }


def map_chosen(
    session: Session, *, organisation_id: int, person_ids: Iterable[int]
) -> dict[int, DirectoryPerson]:
    """Of these ids the ones of people of this organisation who have not left."""
    wanted = set(person_ids)
    return {
        person.id: person
        for person in list_present(session, organisation_id=organisation_id)
        if person.id in wanted
    }
