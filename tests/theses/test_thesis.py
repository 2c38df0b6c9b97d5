from __future__ import annotations

from sqlalchemy.orm import Session

from app.jobs.models import Job
from app.people.models import Account
from app.theses import queries
from tests import factories
from tests.pages import Browser

TEXT = "We are the only instrument maker whose customers never wait for a part."


def series_of(session: Session, account: Account) -> int:
    made = factories.draft_round(session, organisation_id=account.organisation_id)
    session.commit()
    return made.series_id


def write(browser: Browser, series_id: int, text: str, based_on: int = 0) -> int:
    browser.get(f"/series/{series_id}/thesis")
    sent = browser.post(f"/series/{series_id}/thesis", {"text": text, "based_on": str(based_on)})
    return sent.status


def test_a_thesis_is_kept_as_version_one_and_every_round_measured_against_it(
    facilitator_browser: Browser, facilitator: Account, session: Session
) -> None:
    series_id = series_of(session, facilitator)
    assert write(facilitator_browser, series_id, TEXT) == 302
    version = queries.find_current_version(session, series_id=series_id)
    assert version is not None
    assert (version.number, version.text) == (1, TEXT)
    assert session.query(Job).filter_by(kind="build_convergence").count() == 1


def test_a_second_text_is_a_second_version_and_the_first_stays(
    facilitator_browser: Browser, facilitator: Account, session: Session
) -> None:
    series_id = series_of(session, facilitator)
    write(facilitator_browser, series_id, TEXT)
    write(facilitator_browser, series_id, TEXT + " We sell nothing that we cannot mend.", based_on=1)
    numbers = [version.number for version in queries.list_versions(session, series_id=series_id)]
    assert numbers == [2, 1]
    assert TEXT in facilitator_browser.get(f"/series/{series_id}/thesis").main


def test_the_same_text_again_changes_nothing(
    facilitator_browser: Browser, facilitator: Account, session: Session
) -> None:
    series_id = series_of(session, facilitator)
    write(facilitator_browser, series_id, TEXT)
    write(facilitator_browser, series_id, f"  {TEXT} ", based_on=1)
    assert len(queries.list_versions(session, series_id=series_id)) == 1


def test_whoever_wrote_on_an_older_version_is_told_and_keeps_the_text(
    facilitator_browser: Browser, facilitator: Account, session: Session
) -> None:
    series_id = series_of(session, facilitator)
    write(facilitator_browser, series_id, TEXT)
    facilitator_browser.get(f"/series/{series_id}/thesis")
    late = facilitator_browser.post(
        f"/series/{series_id}/thesis", {"text": "Written on nothing.", "based_on": "0"}, status=409
    )
    assert "Somebody else has written a newer version" in late.main
    assert "Written on nothing." in late.text
    assert late.one("input", name="based_on").get("value") == "1"


def test_an_empty_thesis_is_refused_in_words(
    facilitator_browser: Browser, facilitator: Account, session: Session
) -> None:
    series_id = series_of(session, facilitator)
    facilitator_browser.get(f"/series/{series_id}/thesis")
    page = facilitator_browser.post(
        f"/series/{series_id}/thesis", {"text": "  ", "based_on": "0"}, status=422
    )
    assert "Write the thesis" in page.main


def test_a_thesis_that_is_too_long_is_refused_and_kept_on_the_page(
    facilitator_browser: Browser, facilitator: Account, session: Session
) -> None:
    series_id = series_of(session, facilitator)
    facilitator_browser.get(f"/series/{series_id}/thesis")
    text = "We do this. " * 500
    page = facilitator_browser.post(
        f"/series/{series_id}/thesis", {"text": text, "based_on": "0"}, status=422
    )
    assert "5,000 characters" in page.main
    assert text.strip() in page.text


def test_an_outsider_finds_nothing_here(
    outsider_browser: Browser, facilitator: Account, session: Session
) -> None:
    series_id = series_of(session, facilitator)
    outsider_browser.get(f"/series/{series_id}/thesis", status=404)
    outsider_browser.get("/account")
    outsider_browser.post(f"/series/{series_id}/thesis", {"text": TEXT, "based_on": "0"}, status=404)
    assert queries.list_versions(session, series_id=series_id) == []


def test_it_asks_to_sign_in_first(browser: Browser, facilitator: Account, session: Session) -> None:
    series_id = series_of(session, facilitator)
    assert "/sign-in" in (browser.get(f"/series/{series_id}/thesis", status=302).location or "")
