from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from app.db import utc_now
from app.surveys.models import Round
from tests.pages import Browser
from tests.surveys.conftest import Look


def typed(days: int) -> dict[str, str]:
    day = (utc_now() + timedelta(days=days)).date()
    return {"closes_on": day.isoformat(), "closes_at_time": "12:00", "time_zone": "UTC"}


def test_open_round_can_be_extended(facilitator_browser: Browser, open_round: Round, look: Look) -> None:
    facilitator_browser.get(f"/rounds/{open_round.id}/extend")

    page = facilitator_browser.post(f"/rounds/{open_round.id}/extend", typed(20), status=302)

    day = (utc_now() + timedelta(days=20)).date()
    assert look(open_round.id).closes_at == datetime.combine(day, time(12, 0), tzinfo=UTC)
    assert "The round now closes" in facilitator_browser.follow(page).main


def test_closing_time_never_moves_forward(
    facilitator_browser: Browser, open_round: Round, look: Look
) -> None:
    facilitator_browser.get(f"/rounds/{open_round.id}/extend")

    page = facilitator_browser.post(f"/rounds/{open_round.id}/extend", typed(3), status=422)

    assert "not later than the closing time that people were told" in page.main
    assert look(open_round.id).closes_at == open_round.closes_at


def test_closed_round_stays_closed(facilitator_browser: Browser, closed: Round, look: Look) -> None:
    facilitator_browser.get("/account")

    facilitator_browser.post(f"/rounds/{closed.id}/extend", typed(20), status=302)

    assert look(closed.id).state == "closed"


def test_extend_requires_sign_in(browser: Browser, open_round: Round) -> None:
    assert "/sign-in" in (browser.get(f"/rounds/{open_round.id}/extend", status=302).location or "")


def test_extend_refuses_outsider(outsider_browser: Browser, open_round: Round) -> None:
    outsider_browser.get(f"/rounds/{open_round.id}/extend", status=404)


def test_extend_refuses_bad_input(facilitator_browser: Browser, open_round: Round) -> None:
    facilitator_browser.get(f"/rounds/{open_round.id}/extend")

    page = facilitator_browser.post(
        f"/rounds/{open_round.id}/extend",
        {"closes_on": "", "closes_at_time": "", "time_zone": ""},
        status=422,
    )

    assert "Choose the day on which the round closes" in page.main
