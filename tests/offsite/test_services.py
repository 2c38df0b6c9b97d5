from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.db import utc_now
from app.exports.sections import build_sections
from app.offsite import services
from app.offsite.models import Meeting, Showing
from app.offsite.plan import build_plan
from app.offsite.said import find_meetings
from app.people.models import Account
from app.reports import queries as reports
from app.reports.models import EditKind, ReportEdit, ReportSection
from app.reports.replay import reference
from tests.offsite.conftest import Begin, Built, sqlite


def count(built: Built, meeting: Meeting, *hands: int, based_on: int = 0) -> None:
    services.count_hands(
        built.session,
        meeting=meeting,
        number=1,
        n_left=hands[0],
        n_right=hands[1],
        n_undecided=hands[2],
        based_on=based_on,
        now=utc_now(),
    )
    built.session.commit()


def shown(built: Built) -> frozenset[ReportSection]:
    built.session.expire_all()
    return reports.revealed_sections(built.session, round_=built.round)


def test_beginning_shows_the_whole_report_or_its_first_section_or_nothing(begin: Begin, built: Built) -> None:
    begin(Showing.REHEARSAL)
    assert shown(built) == frozenset()
    assert built.round.revealed_at is None

    begin(Showing.AS_IT_GOES)
    assert shown(built) == {ReportSection.ASKED}

    begin(Showing.AT_ONCE)
    assert {ReportSection.FORKS, ReportSection.NUMBER, ReportSection.NEXT_STEPS} < shown(built)


@sqlite
def test_a_meeting_shows_a_section_when_it_reaches_its_slide_and_a_rehearsal_never(
    begin: Begin, built: Built, facilitator: Account
) -> None:
    meeting, rehearsal = begin(Showing.AS_IT_GOES), begin(Showing.REHEARSAL)
    plan = build_plan(built.view, meeting)

    for each, slide in ((rehearsal, "number"), (meeting, "silent-1"), (meeting, "fork-1")):
        services.move_to(built.session, meeting=each, plan=plan, slide=slide, by=facilitator, now=utc_now())
    built.session.commit()

    assert shown(built) == {ReportSection.ASKED, ReportSection.FORKS}
    assert meeting.slide == "fork-1"
    with pytest.raises(KeyError):
        services.move_to(
            built.session, meeting=meeting, plan=plan, slide="fork-9", by=facilitator, now=utc_now()
        )


def test_hands_are_kept_and_corrected_and_sent_twice_they_are_kept_once(begin: Begin, built: Built) -> None:
    meeting = begin()
    count(built, meeting, 3, 2, 1)
    count(built, meeting, 3, 2, 1)
    assert meeting.forks[0].counts == 1

    count(built, meeting, 4, 2, 0, based_on=1)
    assert (meeting.forks[0].n_left, meeting.forks[0].n_right, meeting.forks[0].counts) == (4, 2, 2)

    with pytest.raises(services.CountedMeanwhile):
        count(built, meeting, 1, 1, 1, based_on=1)
    assert meeting.forks[0].n_left == 4


def test_the_database_keeps_no_half_of_a_count(begin: Begin, built: Built) -> None:
    fork = begin().forks[0]
    fork.n_left = 3
    with pytest.raises(IntegrityError, match="hands_are_counted_together"):
        built.session.flush()
    built.session.rollback()


@sqlite
def test_the_clock_runs_from_when_it_was_started_and_rests_where_it_was_paused(
    begin: Begin, built: Built
) -> None:
    meeting, now = begin(), utc_now()
    services.set_clock(built.session, meeting=meeting, step="silent", spent=60, is_running=True, now=now)
    assert meeting.clock_seconds(now + timedelta(seconds=90)) == 150

    services.set_clock(built.session, meeting=meeting, step="silent", spent=150, is_running=False, now=now)
    assert meeting.clock_seconds(now + timedelta(hours=1)) == 150
    assert meeting.changes == 2


@sqlite
def test_a_meeting_says_its_counts_and_its_date_and_a_rehearsal_says_nothing(
    begin: Begin, built: Built
) -> None:
    rehearsal, meeting = begin(Showing.REHEARSAL), begin()
    count(built, rehearsal, 6, 0, 0)
    count(built, meeting, 3, 2, 1)
    services.set_next_date(built.session, meeting=meeting, next_on=date(2027, 3, 12), now=utc_now())

    (said,) = find_meetings(built.session, built.round_id)

    assert said.next_on == date(2027, 3, 12)
    assert [(hands.n_left, hands.n_right, hands.n_undecided) for hands in said.hands] == [(3, 2, 1)]
    assert said.hands[0].left == built.view.forks[0].sides[0].label


@sqlite
def test_words_that_are_hidden_after_the_meeting_are_not_said_by_it(
    begin: Begin, built: Built, facilitator: Account
) -> None:
    meeting = begin()
    count(built, meeting, 3, 2, 1)
    label = built.view.forks[0].sides[0].label
    voice = built.view.forks[0].sides[0].voices[0]
    edit = ReportEdit(
        round_id=built.round_id,
        kind=EditKind.HIDE_QUOTE,
        subject=voice.text,
        payload={"answer": reference(meeting.report.document, voice.number)},
        reason="It names a customer.",
        made_by_id=facilitator.id,
    )
    built.session.add(edit)
    built.session.flush()

    (said,) = find_meetings(built.session, built.round_id)

    assert label not in said.hands[0].question
    assert said.hands[0].n_left == 3


@sqlite
def test_what_stands_on_the_blank_thesis_becomes_the_beginning_of_a_draft(begin: Begin, built: Built) -> None:
    meeting = begin()
    assert services.as_thesis(meeting) == ""
    services.write_words(
        built.session,
        meeting=meeting,
        only="supplier",
        whose="service never fails.",
        for_whom="hospitals",
        not_doing="",
        now=utc_now(),
    )
    assert services.as_thesis(meeting) == (
        "The only supplier whose service never fails.\nFor whom: hospitals"
    )


@sqlite
def test_what_a_meeting_said_of_forks_is_shown_with_the_forks(begin: Begin, built: Built) -> None:
    meeting = begin(Showing.AS_IT_GOES)
    count(built, meeting, 3, 2, 1)
    services.set_next_date(built.session, meeting=meeting, next_on=date(2027, 3, 1), now=utc_now())
    built.session.commit()
    report = replace(built.view, meetings=find_meetings(built.session, built.round_id))
    label = report.forks[0].sides[0].label

    told = repr(build_sections(report, {ReportSection.NEXT_STEPS}))
    assert "agreed to ask again on 1 Mar" in told
    assert "hand" not in told.casefold()
    assert label not in told

    assert label in repr(build_sections(report, {ReportSection.NEXT_STEPS, ReportSection.FORKS}))
