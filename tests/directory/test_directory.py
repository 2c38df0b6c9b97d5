"""The pages of the directory, and what a round takes from it."""

from __future__ import annotations

import io
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database, utc_now
from app.directory.models import DirectoryPerson
from app.people.models import Account
from app.surveys.models import Participant, RoundState
from app.surveys.services import launch_round, start_next_round
from tests import factories
from tests.pages import Browser, words


def names(database: Database, *, left: bool | None = None) -> list[str]:
    with database.reading() as session:
        found = session.scalars(select(DirectoryPerson).order_by(DirectoryPerson.name)).all()
    return [each.name for each in found if left is None or (each.left_at is not None) == left]


def participants(database: Database, round_id: int) -> list[tuple[str, str, str, str]]:
    with database.reading() as session:
        found = session.scalars(
            select(Participant).where(Participant.round_id == round_id).order_by(Participant.name)
        ).all()
    return [(each.name, each.role, each.function, each.level) for each in found]


def test_an_empty_directory_says_what_to_do(facilitator_browser: Browser) -> None:
    page = facilitator_browser.get("/people")

    assert "Nobody yet" in page.main
    assert "/people/import" in page.links


def test_a_file_is_shown_first_and_then_imported(facilitator_browser: Browser, database: Database) -> None:
    table = "Name;E-mail;Role;Function;Level\nAnna Berg;anna@halden.example;CEO;Management;Executive team\nno one\n"
    facilitator_browser.get("/people/import")

    shown = facilitator_browser.post(
        "/people/import", {"file": (io.BytesIO(table.encode()), "team.csv")}, status=200
    )
    assert "Anna Berg anna@halden.example CEO Management Executive team 2" in shown.main
    assert names(database) == []
    form = {field.get("name", ""): field.get("value", "") for field in shown.all("input", type="hidden")} | {
        "lines": shown.one("textarea").text or ""
    }
    facilitator_browser.post("/people/import", form)

    assert "Anna Berg" in names(database)


def test_a_person_is_added_changed_and_stays_the_same_person(
    facilitator_browser: Browser, database: Database
) -> None:
    facilitator_browser.get("/people/new")
    facilitator_browser.post(
        "/people/new", {"name": "Anna Berg", "email": "Anna@Halden.example", "role": "CEO"}, status=302
    )
    with database.reading() as session:
        person = session.scalars(select(DirectoryPerson)).one()
    facilitator_browser.post(
        f"/people/{person.id}",
        {"name": "Anna Lund", "email": "lund@halden.example", "level": "Board"},
        status=302,
    )

    with database.reading() as session:
        person = session.scalars(select(DirectoryPerson)).one()
    assert (person.name, person.email, person.level) == ("Anna Lund", "lund@halden.example", "Board")
    assert person.identity == "anna@halden.example"


def test_an_address_that_somebody_has_is_refused_and_the_text_kept(
    facilitator_browser: Browser, team: list[DirectoryPerson]
) -> None:
    facilitator_browser.get("/people/new")

    page = facilitator_browser.post(
        "/people/new", {"name": "Annabel", "email": "anna@halden.example"}, status=422
    )

    assert "Somebody in the directory has this mail address already" in page.main
    assert page.one("input", name="name").get("value") == "Annabel"


def test_a_round_picks_single_people_functions_and_levels(
    facilitator_browser: Browser,
    session: Session,
    database: Database,
    facilitator: Account,
    team: list[DirectoryPerson],
) -> None:
    round_ = factories.draft_round(session, organisation_id=facilitator.organisation_id, n_participants=0)
    session.commit()
    address = f"/rounds/{round_.id}/participants/pick"
    facilitator_browser.get(address)
    facilitator_browser.post(address, {}, status=422)

    facilitator_browser.post(
        address,
        {"person": [str(team[5].id)], "function": ["Finance"], "level": ["Executive team"]},
        status=302,
    )

    assert participants(database, round_.id) == [
        ("Anna Berg", "CEO", "General management", "Executive team"),
        ("Ben Okafor", "CFO", "Finance", "Executive team"),
        ("Carla Ruiz", "Controller", "Finance", "Head of department"),
        ("Dai Nakamura", "COO", "Operations", "Executive team"),
        ("Frank Weiss", "", "", ""),
    ]
    assert [words(label) for label in facilitator_browser.get(address).all("label")][:2] == [
        "Head of department",
        "Elif Kaya Plant manager, Head of department",
    ]


def test_whoever_has_left_is_offered_for_no_round(
    facilitator_browser: Browser,
    session: Session,
    database: Database,
    facilitator: Account,
    team: list[DirectoryPerson],
) -> None:
    round_ = factories.draft_round(session, organisation_id=facilitator.organisation_id, n_participants=0)
    session.commit()
    facilitator_browser.get("/people")
    facilitator_browser.post(f"/people/{team[0].id}/left", status=302)

    assert names(database, left=True) == ["Anna Berg"]
    page = facilitator_browser.get(f"/rounds/{round_.id}/participants/pick")
    assert "Anna Berg" not in [words(label) for label in page.all("bdi")]
    # Ticked on a page that is older than the leaving.
    facilitator_browser.post(
        f"/rounds/{round_.id}/participants/pick", {"person": str(team[0].id)}, status=422
    )
    assert participants(database, round_.id) == []


def test_pasted_people_are_kept_for_the_next_round(
    facilitator_browser: Browser, session: Session, database: Database, facilitator: Account
) -> None:
    round_ = factories.draft_round(session, organisation_id=facilitator.organisation_id, n_participants=3)
    session.commit()
    address = f"/rounds/{round_.id}/participants"
    facilitator_browser.get(address)
    shown = facilitator_browser.post(address, {"lines": "Zoë Lind <zoe@halden.example>, CMO"}, status=200)
    assert shown.one("input", type="checkbox", name="is_kept").get("checked") is not None
    checked = shown.one("input", name="checked").get("value")

    facilitator_browser.post(
        address,
        {"lines": "Zoë Lind <zoe@halden.example>, CMO", "checked": checked, "is_kept": "y"},
        status=302,
    )
    assert names(database) == ["Zoë Lind"]
    facilitator_browser.post(f"{address}/keep", status=302)
    assert len(names(database)) == 4


def test_the_launch_copies_the_directory_and_nothing_changes_it_afterwards(
    database: Database, facilitator: Account, team: list[DirectoryPerson]
) -> None:
    with database.writing() as session:
        round_ = factories.draft_round(session, organisation_id=facilitator.organisation_id, n_participants=4)
        anna = session.get_one(DirectoryPerson, team[0].id)
        anna.role, anna.level = "Chair", "Board"
        launch_round(session, round_=round_, key=None, now=utc_now())
        anna.role = "Retired"
        session.flush()

        assert [(each.name, each.role, each.function, each.level) for each in round_.participants][:2] == [
            ("Anna Berg", "Chair", "General management", "Board"),
            ("Ben Okafor", "CFO", "Finance", "Executive team"),
        ]


def test_the_next_round_knows_who_has_left_and_who_has_a_new_address(
    database: Database, facilitator: Account, team: list[DirectoryPerson]
) -> None:
    with database.writing() as session:
        round_ = factories.closed_round(
            session, organisation_id=facilitator.organisation_id, texts=["We win."] * 4
        )
        session.get_one(DirectoryPerson, team[0].id).left_at = utc_now() - timedelta(days=1)
        session.get_one(DirectoryPerson, team[1].id).email = "ben.okafor@halden.example"
        session.flush()

        following = start_next_round(session, round_=round_, now=utc_now())

        assert following.state == RoundState.DRAFT
        assert [(each.name, each.email, each.identity) for each in following.participants] == [
            ("Ben Okafor", "ben.okafor@halden.example", "ben@halden.example"),
            ("Carla Ruiz", "carla@halden.example", "carla@halden.example"),
            ("Dai Nakamura", "dai@halden.example", "dai@halden.example"),
        ]


def test_a_directory_page_shows_nothing_of_another_organisation(
    outsider_browser: Browser, team: list[DirectoryPerson]
) -> None:
    assert "Anna Berg" not in outsider_browser.get("/people").main
    outsider_browser.get(f"/people/{team[0].id}", status=404)
    outsider_browser.post(f"/people/{team[0].id}/left", status=404)
