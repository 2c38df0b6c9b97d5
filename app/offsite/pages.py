"""What every window of a meeting needs: the plan with its forms, and where the meeting is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_wtf.csrf import generate_csrf

from app.offsite.forms import HandsForm, NextDateForm, WordsForm
from app.offsite.models import Meeting
from app.offsite.plan import Plan, build_plan
from app.reports.presenting import ReportView
from app.surveys.wording import MONTHS


@dataclass(frozen=True)
class Pages:
    """hands: the form of each fork, by its number. A form that was sent stands here as it was sent."""

    report: ReportView
    meeting: Meeting
    plan: Plan
    hands: dict[int, HandsForm]
    words: WordsForm
    next_date: NextDateForm


def open_pages(
    report: ReportView,
    meeting: Meeting,
    *,
    hands: dict[int, HandsForm] | None = None,
    words: WordsForm | None = None,
    next_date: NextDateForm | None = None,
) -> Pages:
    return Pages(
        report=report,
        meeting=meeting,
        plan=build_plan(report, meeting),
        hands={fork.number: HandsForm.of(fork, formdata=None) for fork in meeting.forks} | (hands or {}),
        words=words or WordsForm.of(meeting, formdata=None),
        next_date=next_date or NextDateForm(formdata=None, obj=meeting),
    )


def state_of(meeting: Meeting, now: datetime) -> dict[str, Any]:
    """Where the meeting is, as its windows follow it. token: whoever signed in again in another tab goes on here."""
    return {
        "slide": meeting.slide,
        "changes": meeting.changes,
        "clock": {
            "step": meeting.clock_step,
            "spent": meeting.clock_seconds(now),
            "is_running": meeting.clock_started_at is not None,
        },
        "hands": {
            str(fork.number): {
                "left": fork.n_left,
                "right": fork.n_right,
                "undecided": fork.n_undecided,
                "counts": fork.counts,
            }
            for fork in meeting.forks
        },
        "words": {
            "only": meeting.only,
            "whose": meeting.whose,
            "for_whom": meeting.for_whom,
            "not_doing": meeting.not_doing,
        },
        "next_words": date_words(meeting.next_on) if meeting.next_on else "",
        "token": generate_csrf(),
    }


def date_words(on: date) -> str:
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"
