"""So many mails leave in a day, and no more; the others wait and go by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import time_machine

from app.config import Settings
from app.db import Database, utc_now
from app.deliveries.models import DeliveryState
from app.people.models import Account
from app.surveys.models import Round
from app.worker import Worker
from tests.deliveries.conftest import Look
from tests.deliveries.servers import Post
from tests.deliveries.test_deliver import ask
from tests.pages import Browser


def test_mails_over_the_limit_wait_a_day_and_the_page_says_so(
    mailing: Settings,
    database: Database,
    round_: Round,
    facilitator: Account,
    facilitator_browser: Browser,
    post: Post,
    deliveries: Look,
) -> None:
    worker = Worker(replace(mailing, mails_a_day=2), database)
    with time_machine.travel(utc_now(), tick=False) as clock:
        ask(database, round_, facilitator)
        worker.run_until_idle()
        assert len(post.mails) == 2
        (waiting,) = [each for each in deliveries() if each.state == DeliveryState.QUEUED]
        assert "No more than 2 mails leave in a day" in waiting.reason
        assert waiting.sent_at is None

        clock.shift(timedelta(hours=23, minutes=59))
        worker.run_until_idle()
        assert len(post.mails) == 2

        clock.shift(timedelta(minutes=2))
        worker.run_until_idle()
        assert len(post.mails) == 3
        assert {(each.state, each.reason) for each in deliveries()} == {(DeliveryState.SENT, "")}


def test_a_mail_that_waits_says_until_when_on_the_page(
    mailing: Settings,
    database: Database,
    round_: Round,
    facilitator: Account,
    mara: Browser,
) -> None:
    ask(database, round_, facilitator)
    Worker(replace(mailing, mails_a_day=1), database).run_until_idle()
    page = mara.get(f"/rounds/{round_.id}/mail").main
    assert "Invitation waits for its day" in page
    assert "this one waits until" in page
    assert "3 people have not answered yet. The 3 who are not reminded now" in page
