"""Small sentences that several sections share."""

from __future__ import annotations

from app.exports.content import Quoted
from app.reports.presenting import ReportView, Voice, percent


def quoted(voice: Voice) -> Quoted:
    return Quoted(voice.text, voice.source, voice.remarks)


def asked_words(report: ReportView) -> str:
    """Who asked how many, and the response rate: agreement is never reported without it."""
    facts = report.round
    comma = "," if "," in facts["asked_by"] else ""
    rate = (
        f", a response rate of {percent(report.response_rate)}." if report.response_rate is not None else "."
    )
    return (
        f"{facts['asked_by']}{comma} asked {people(facts['n_invited'])}; "
        f"{facts['n_answered']} answered by {day(report)}{rate}"
    )


def people(n: int) -> str:
    return "1 person" if n == 1 else f"{n} people"


def day(report: ReportView) -> str:
    closed = report.closed_at
    return f"{closed.day} {closed:%B %Y}"
