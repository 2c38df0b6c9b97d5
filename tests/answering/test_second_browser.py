"""What the same link opens in another browser: never a text that was sent, in no mode."""

from __future__ import annotations

import re

import pytest

from app.db import utc_now
from app.surveys.models import Confidentiality
from tests.answering.conftest import STRATEGY, Asked, answer, begin, send, write
from tests.pages import Browser

PAGES = ("1", "2", "review", "done")


@pytest.fixture(params=[Confidentiality.NAMED, Confidentiality.CONFIDENTIAL])
def attributed(request: pytest.FixtureRequest) -> Asked:
    asked: Asked = request.getfixturevalue(str(request.param))
    return asked


def seen_by(browser: Browser, asked: Asked) -> str:
    """Everything that a browser gets to see after Begin."""
    return begin_page(browser, asked) + "".join(
        browser.client.get(asked.path(end), follow_redirects=True).text for end in (*PAGES, "copy")
    )


def begin_page(browser: Browser, asked: Asked) -> str:
    browser.get(asked.link)
    page = browser.follow(browser.post(asked.link, status=303), status=303)
    return browser.follow(page).text


def test_sent_answer_is_not_shown(browser: Browser, second_browser: Browser, asked: Asked) -> None:
    answer(browser, asked, guess="83")

    seen = seen_by(second_browser, asked)

    assert STRATEGY not in seen
    # As a word of its own: the page's random tokens may well hold these two digits.
    assert not re.search(r"(?<![\w.-])83(?![\w.-])", seen.replace(asked.link, ""))
    assert "An answer is recorded for Anna Berg" in seen


def test_sent_answer_is_not_shown_while_a_change_is_drafted(
    browser: Browser, second_browser: Browser, asked: Asked
) -> None:
    answer(browser, asked)
    write(browser, asked, text=STRATEGY + " And more.")

    assert STRATEGY not in seen_by(second_browser, asked)


def test_sent_answer_is_not_shown_after_the_close(
    browser: Browser, second_browser: Browser, asked: Asked
) -> None:
    answer(browser, asked)
    asked.round.state, asked.round.closed_at = "closed", utc_now()
    asked.session.commit()

    assert STRATEGY not in seen_by(second_browser, asked)


def test_unsent_draft_is_taken_up_on_another_device(
    browser: Browser, second_browser: Browser, attributed: Asked
) -> None:
    begin(browser, attributed)
    write(browser, attributed)

    page = begin(second_browser, attributed)

    assert page.response.request.path == attributed.path("review")
    assert STRATEGY in page.main


def test_unsent_draft_needs_the_begin_step(
    browser: Browser, second_browser: Browser, attributed: Asked
) -> None:
    begin(browser, attributed)
    write(browser, attributed)

    assert STRATEGY not in second_browser.get(attributed.link).text


def test_replacement_is_written_without_seeing_the_first(
    browser: Browser, second_browser: Browser, attributed: Asked
) -> None:
    answer(browser, attributed)
    begin(second_browser, attributed)
    assert "What you write here replaces it" in second_browser.get(attributed.path("1")).main
    write(second_browser, attributed, text="Replaced.", guess="5")

    page = send(second_browser, attributed)

    assert "Replaced." in page.main
    assert attributed.texts() == ["Replaced."]
    assert len(attributed.sheets()) == 1


def test_first_browser_does_not_see_the_replacement(
    browser: Browser, second_browser: Browser, attributed: Asked
) -> None:
    answer(browser, attributed)
    begin(second_browser, attributed)
    write(second_browser, attributed, text="Replaced.", guess="5")
    send(second_browser, attributed)

    seen = "".join(browser.client.get(attributed.path(end), follow_redirects=True).text for end in PAGES)

    assert "Replaced." not in seen
    assert STRATEGY not in seen


def test_draft_of_a_replacement_is_not_shown_to_the_first_browser(
    browser: Browser, second_browser: Browser, attributed: Asked
) -> None:
    answer(browser, attributed)
    begin(second_browser, attributed)
    write(second_browser, attributed, text="Being replaced.", guess="5")

    seen = "".join(browser.client.get(attributed.path(end), follow_redirects=True).text for end in PAGES)

    assert "Being replaced." not in seen
    assert STRATEGY in seen


def test_unattributed_second_device_begins_afresh(
    browser: Browser, second_browser: Browser, unattributed: Asked
) -> None:
    begin(browser, unattributed)
    write(browser, unattributed)

    page = begin(second_browser, unattributed)

    assert page.response.request.path == unattributed.path("1")
    assert STRATEGY not in page.text


def test_unattributed_answer_is_changed_only_where_it_was_written(
    browser: Browser, second_browser: Browser, unattributed: Asked
) -> None:
    answer(browser, unattributed)
    begin(second_browser, unattributed)

    page = second_browser.post(
        unattributed.path("review"), {"answer-1": "Another.", "answer-2": "1"}, status=409
    )

    assert page.heading == "An answer is already recorded"
    assert "Another." in [field.text for field in page.all("textarea")]
    assert unattributed.texts() == [STRATEGY]
    assert "Only that browser" not in page.main
    assert second_browser.get(unattributed.path("1"), status=303).location == unattributed.path("done")
    assert "only that browser can show it or change it" in second_browser.get(unattributed.path("done")).main


def test_unattributed_draft_elsewhere_cannot_become_a_second_answer(
    browser: Browser, second_browser: Browser, unattributed: Asked
) -> None:
    begin(second_browser, unattributed)
    write(second_browser, unattributed, text="From the phone.")
    answer(browser, unattributed)

    second_browser.post(
        unattributed.path("review"), {"answer-1": "From the phone.", "answer-2": "1"}, status=409
    )
    second_browser.post(unattributed.path("1/draft"), {"answer": "From the phone."}, status=409)

    assert unattributed.texts() == [STRATEGY]


def test_revoked_link_closes_the_browser_that_used_it(browser: Browser, asked: Asked) -> None:
    answer(browser, asked)
    for invitation in asked.anna.invitations:
        invitation.revoked_at = utc_now()
    asked.session.commit()

    for end in PAGES:
        page = browser.get(asked.path(end), status=404)
        assert STRATEGY not in page.text
