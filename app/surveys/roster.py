"""Who is in a round, by the directory: picked from it, copied at the launch, carried into the next round.

A participant and a person of the directory are the same when they have the same identity. The directory never changes
an identity, so somebody whose address or name changes is still the same person from quarter to quarter.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.directory.models import DirectoryPerson
from app.directory.pasting import Person
from app.directory.queries import map_by_identity
from app.surveys.models import Participant, Round


def as_pasted(people: Iterable[DirectoryPerson]) -> list[Person]:
    """People of the directory as `services.add_participants` takes them."""
    return [
        Person(
            line=0,
            name=person.name,
            email=person.email,
            role=person.role,
            function=person.function,
            level=person.level,
        )
        for person in people
    ]


def participant_of(person: Person, known: DirectoryPerson | None) -> Participant:
    """A new participant; what was pasted goes before what the directory says, who it is comes from the directory."""
    return Participant(
        name=person.name,
        email=person.email,
        role=person.role or (known.role if known else ""),
        function=person.function or (known.function if known else ""),
        level=person.level or (known.level if known else ""),
        identity=known.identity if known else person.identity,
    )


def take_over_directory(session: Session, *, round_: Round) -> None:
    """At the launch: role, function and level of everybody who is in the directory, as they stand there now.

    From then on they stay as they are in this round, whatever changes in the directory.
    """
    people = map_by_identity(session, organisation_id=round_.series.organisation_id)
    for participant in round_.participants:
        known = people.get(participant.identity)
        if known is not None:
            participant.role = known.role or participant.role
            participant.function, participant.level = known.function, known.level
    session.flush()


def carried_over(session: Session, *, round_: Round) -> list[Participant]:
    """The participants of this round for the next one, as the directory knows them now, without those who left."""
    people = map_by_identity(session, organisation_id=round_.series.organisation_id)
    carried = []
    for before in round_.participants:
        known = people.get(before.identity)
        if known is None:
            carried.append(
                Participant(
                    name=before.name,
                    email=before.email,
                    role=before.role,
                    function=before.function,
                    level=before.level,
                    identity=before.identity,
                )
            )
        elif known.left_at is None:
            carried.append(
                Participant(
                    name=known.name,
                    email=known.email or before.email,
                    role=known.role or before.role,
                    function=known.function,
                    level=known.level,
                    identity=before.identity,
                )
            )
    return carried


def list_unknown(session: Session, *, round_: Round) -> list[Participant]:
    """Who of the round is not in the directory."""
    people = map_by_identity(session, organisation_id=round_.series.organisation_id)
    return [each for each in round_.participants if each.identity not in people]
