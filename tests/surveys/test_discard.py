from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import Database
from app.people.models import Account
from app.surveys.models import Participant, Round, Series
from app.theses.models import ThesisVersion
from tests import factories
from tests.pages import Browser


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_draft_is_deleted_with_its_people_after_one_more_question(
    facilitator_browser: Browser, draft: Round, database: Database
) -> None:
    page = facilitator_browser.get(f"/rounds/{draft.id}/discard")
    assert page.heading == "Delete this draft?"
    assert count(database, Round) == 1

    facilitator_browser.post(f"/rounds/{draft.id}/discard", status=302)

    assert [count(database, table) for table in (Series, Round, Participant)] == [0, 0, 0]


def test_series_with_another_round_stays(
    facilitator_browser: Browser, session: Session, closed: Round, database: Database
) -> None:
    following = factories.draft_round(
        session, organisation_id=closed.series.organisation_id, series=closed.series
    )
    session.commit()
    facilitator_browser.get(f"/rounds/{following.id}/discard")

    facilitator_browser.post(f"/rounds/{following.id}/discard", status=302)

    assert (count(database, Series), count(database, Round)) == (1, 1)


def test_series_with_a_thesis_stays(
    facilitator_browser: Browser, session: Session, draft: Round, facilitator: Account, database: Database
) -> None:
    session.add(ThesisVersion(series_id=draft.series_id, number=1, text="We.", written_by_id=facilitator.id))
    session.commit()
    facilitator_browser.get(f"/rounds/{draft.id}/discard")

    facilitator_browser.post(f"/rounds/{draft.id}/discard", status=302)

    assert (count(database, Series), count(database, Round)) == (1, 0)
    facilitator_browser.get("/")


def test_discard_requires_sign_in(browser: Browser, draft: Round) -> None:
    assert "/sign-in" in (browser.get(f"/rounds/{draft.id}/discard", status=302).location or "")


def test_discard_refuses_outsider(outsider_browser: Browser, draft: Round, database: Database) -> None:
    outsider_browser.get("/account")

    outsider_browser.post(f"/rounds/{draft.id}/discard", status=404)

    assert count(database, Round) == 1


def test_open_round_is_never_deleted(
    facilitator_browser: Browser, open_round: Round, database: Database
) -> None:
    facilitator_browser.get("/account")

    facilitator_browser.post(f"/rounds/{open_round.id}/discard", status=302)

    assert count(database, Round) == 1
