from __future__ import annotations

import io

import pytest
from sqlalchemy.orm import Session

from app.db import Database
from app.people.models import Account
from app.surveys.models import Confidentiality, Round
from tests import factories
from tests.pages import Browser, Page
from tests.surveys.conftest import Look, hidden, launch, links_on, live_links

TEAM = "Anna Berg <anna@new.example>, CEO\nNoor Haddad, CFO\nbroken@\nanna@NEW.example"


def check(browser: Browser, round_id: int, lines: str = TEAM, **more: object) -> Page:
    browser.get(f"/rounds/{round_id}/participants")
    return browser.post(f"/rounds/{round_id}/participants", {"lines": lines, **more}, status=200)


def confirm(browser: Browser, round_id: int, page: Page, lines: str | None = None) -> Page:
    text = "".join(page.one("textarea").itertext()).removeprefix("\n") if lines is None else lines
    return browser.post(
        f"/rounds/{round_id}/participants",
        # As a browser sends it: with both characters at the end of each line.
        {"lines": text.replace("\n", "\r\n"), "checked": hidden(page, "checked"), "key": hidden(page, "key")},
    )


def test_preview_names_good_bad_and_duplicate_lines_and_adds_nobody(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    page = check(facilitator_browser, draft.id)

    assert "2 people to add" in page.main
    assert "Line 3: broken@“broken@” is not a mail address." in page.main
    assert "Line 4: anna@NEW.exampleAnna has the same mail address as line 1." in page.main
    assert "".join(page.one("textarea").itertext()).strip() == TEAM
    assert len(look(draft.id).participants) == 9


def test_confirmed_preview_adds_the_good_ones_and_keeps_the_bad_ones_on_screen(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    page = confirm(facilitator_browser, draft.id, check(facilitator_browser, draft.id))

    assert "2 people are added." in page.main
    assert "".join(page.one("textarea").itertext()).strip() == "broken@"
    people = {person.name: person for person in look(draft.id).participants}
    assert (people["Noor Haddad"].role, people["Noor Haddad"].identity) == ("CFO", "noor haddad")
    assert len(people) == 10  # Anna Berg is there twice, with two addresses


def test_confirmed_list_without_bad_lines_leads_back_to_the_list(
    facilitator_browser: Browser, draft: Round
) -> None:
    preview = check(facilitator_browser, draft.id, "Noor Haddad, CFO")

    page = confirm(facilitator_browser, draft.id, preview)

    assert page.location == f"/rounds/{draft.id}/participants"
    assert "1 person is added." in facilitator_browser.follow(page).main


def test_lines_changed_on_the_preview_are_checked_again_first(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    preview = check(facilitator_browser, draft.id)

    page = confirm(facilitator_browser, draft.id, preview, lines="Somebody Else, COO")

    assert "1 person to add" in page.main
    assert len(look(draft.id).participants) == 9


def test_file_and_lines_are_read_together(facilitator_browser: Browser, draft: Round) -> None:
    table = "Role;Name\nCTO;Zoë Müller".encode("cp1252")

    page = check(facilitator_browser, draft.id, "", file=(io.BytesIO(table), "team.csv"))
    assert "Zoë Müller none CTO 2" in page.main
    both = check(
        facilitator_browser, draft.id, "Noor Haddad", file=(io.BytesIO(b"Ola Nordmann,COO"), "t.csv")
    )

    assert "2 people to add" in both.main


def test_people_on_the_list_are_not_added_again(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    page = check(facilitator_browser, draft.id, "Anna <anna@halden.example>")

    assert "Anna is in this round already." in page.main
    assert "There is nobody to add" in page.main


@pytest.mark.parametrize("lines", ["", "  \n \n"])
def test_nothing_pasted_is_said(facilitator_browser: Browser, draft: Round, lines: str) -> None:
    facilitator_browser.get(f"/rounds/{draft.id}/participants")

    page = facilitator_browser.post(f"/rounds/{draft.id}/participants", {"lines": lines}, status=422)

    assert "Write or paste at least one person" in page.main


def test_a_thousand_people_fit_and_one_more_does_not(
    facilitator_browser: Browser, session: Session, facilitator: Account, look: Look
) -> None:
    empty = factories.draft_round(session, organisation_id=facilitator.organisation_id, n_participants=0)
    session.commit()
    letters = "abcdefghij"
    lines = "\n".join(
        f"Person {letters[n // 100 % 10]}{letters[n // 10 % 10]}{letters[n % 10]}" for n in range(1000)
    )

    preview = check(facilitator_browser, empty.id, lines + "\nOne Toomany")
    assert "1000 people to add" in preview.main
    assert "Line 1001: One ToomanyA round holds at most 1,000 people." in preview.main
    confirm(facilitator_browser, empty.id, preview)

    assert len(look(empty.id).participants) == 1000


def test_markup_in_names_is_shown_as_text(facilitator_browser: Browser, draft: Round) -> None:
    page = check(facilitator_browser, draft.id, '<b onclick="x">Eve</b>, <img src=x>')

    assert not page.all("img")


def test_somebody_may_join_an_open_round_and_gets_a_link(
    facilitator_browser: Browser, open_round: Round, look: Look, browser: Browser
) -> None:
    page = confirm(
        facilitator_browser, open_round.id, check(facilitator_browser, open_round.id, "Noor Haddad\nbad@")
    )

    assert page.heading.endswith("A link for the new person")
    (link,) = links_on(page)
    assert "bad@" in page.main
    assert "Noor Haddad" in browser.get(link.removeprefix("http://127.0.0.1:8000")).main
    noor = next(person for person in look(open_round.id).participants if person.name == "Noor Haddad")
    assert len(live_links(noor)) == 1


def test_answer_loaded_again_shows_the_new_persons_link_again(
    facilitator_browser: Browser, open_round: Round, look: Look
) -> None:
    preview = check(facilitator_browser, open_round.id, "Noor Haddad")
    first = confirm(facilitator_browser, open_round.id, preview)

    again = confirm(facilitator_browser, open_round.id, preview)

    assert links_on(again) == links_on(first)
    assert len(look(open_round.id).participants) == 10


def test_nobody_joins_an_unattributed_round_after_its_launch(
    facilitator_browser: Browser, session: Session, facilitator: Account, look: Look
) -> None:
    round_ = factories.draft_round(
        session,
        organisation_id=facilitator.organisation_id,
        confidentiality=Confidentiality.UNATTRIBUTED,
    )
    session.commit()
    launch(facilitator_browser, round_.id)
    page = facilitator_browser.get(f"/rounds/{round_.id}/participants")
    assert "The list is final" in page.main
    assert not page.all("textarea")

    facilitator_browser.post(f"/rounds/{round_.id}/participants", {"lines": "Noor"}, status=302)

    assert len(look(round_.id).participants) == 9


def test_nobody_joins_a_closed_round(facilitator_browser: Browser, closed: Round, look: Look) -> None:
    facilitator_browser.get("/account")

    facilitator_browser.post(f"/rounds/{closed.id}/participants", {"lines": "Noor"}, status=302)

    assert len(look(closed.id).participants) == 3


def test_participants_require_sign_in(browser: Browser, draft: Round) -> None:
    assert "/sign-in" in (browser.get(f"/rounds/{draft.id}/participants", status=302).location or "")


def test_participants_refuse_outsider(outsider_browser: Browser, draft: Round, look: Look) -> None:
    outsider_browser.get(f"/rounds/{draft.id}/participants", status=404)
    outsider_browser.get("/account")

    outsider_browser.post(f"/rounds/{draft.id}/participants", {"lines": "Eve"}, status=404)

    assert len(look(draft.id).participants) == 9


def test_somebody_is_taken_off_the_list_of_a_draft(
    facilitator_browser: Browser, draft: Round, look: Look
) -> None:
    facilitator_browser.get(f"/rounds/{draft.id}/participants")
    anna = draft.participants[0]

    page = facilitator_browser.post(f"/rounds/{draft.id}/participants/{anna.id}/remove", status=302)

    assert "Anna Berg is taken off the list." in facilitator_browser.follow(page).main
    assert len(look(draft.id).participants) == 8


def test_nobody_is_taken_off_once_links_are_out(
    facilitator_browser: Browser, open_round: Round, look: Look
) -> None:
    facilitator_browser.get("/account")
    anna = open_round.participants[0]

    facilitator_browser.post(f"/rounds/{open_round.id}/participants/{anna.id}/remove", status=302)

    assert len(look(open_round.id).participants) == 9


def test_remove_refuses_outsider_and_other_rounds_people(
    outsider_browser: Browser,
    facilitator_browser: Browser,
    draft: Round,
    open_round: Round,
    look: Look,
    database: Database,
) -> None:
    outsider_browser.get("/account")
    facilitator_browser.get("/account")
    anna, of_other = draft.participants[0], open_round.participants[0]

    outsider_browser.post(f"/rounds/{draft.id}/participants/{anna.id}/remove", status=404)
    facilitator_browser.post(f"/rounds/{draft.id}/participants/{of_other.id}/remove", status=404)

    assert len(look(draft.id).participants) == len(look(open_round.id).participants) == 9
