"""One report with the judge that ships, from the closed round to the page."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.evidence import services as evidence
from app.people.models import Account
from app.reports.services import as_json, judge_for, make_document, read_input
from app.worker import Worker
from tests import factories
from tests.pages import Browser

NINE = [
    "We only serve hospitals, and leave every other market to others.",
    "Hospitals are our market; we decline work for anybody else.",
    "We win by being the cheapest supplier, whoever the customer is.",
    "Lowest price in the market, for any buyer: that is how we grow.",
    "We sell a premium instrument at a premium price and never discount.",
    "Service is what sets us apart: an engineer on site within four hours.",
    "We grow by buying smaller rivals, one each year.",
    "Everything goes into one new product line; the rest is run for cash.",
    "We go direct to the customer and stop selling through distributors.",
]


@pytest.mark.model
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nine_answers_become_a_report_that_the_same_input_gives_again(
    facilitator_browser: Browser,
    session: Session,
    facilitator: Account,
    database: Database,
    settings: Settings,
) -> None:
    round_ = factories.closed_round(session, organisation_id=facilitator.organisation_id, texts=NINE)
    evidence._rebuild_report(session, round_id=round_.id, because="test")
    round_id = round_.id
    given = read_input(session, round_=round_)
    session.commit()
    Worker(settings, database).run_until_idle()
    page = facilitator_browser.get(f"/rounds/{round_id}/report")
    assert page.heading.startswith("Nine executives, ")
    judge = judge_for(database, settings.model)
    written = facilitator_browser.get(f"/rounds/{round_id}/report.json").text
    assert written == as_json(make_document(given, judge, lambda _percent, _note: None))
