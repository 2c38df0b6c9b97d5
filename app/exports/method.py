"""The method card in short: what the numbers rest on, for every export."""

from __future__ import annotations

from collections.abc import Collection

from app.reports.models import ReportSection
from app.reports.presenting import ReportView, percent


def method_facts(
    report: ReportView, shown: Collection[ReportSection] = frozenset(ReportSection)
) -> tuple[tuple[str, str], ...]:
    facts, analysis = report.round, report.analysis
    method = analysis["method"]
    rows = [
        (
            "Answers",
            f"{analysis['n_read']} of {analysis['n']} read; {facts['n_answered']} of {facts['n_invited']} invited people answered",
        ),
        ("Who may see what", str(facts["confidentiality"]).capitalize()),
        ("Language model", str(method.get("model") or method["judge"])),
        ("Judge", str(method["judge"])),
        ("Fingerprint", str(method["fingerprint"])),
        ("Ways to split the answers", str(method["posterior"] or "not weighed")),
        ("Temperature, offset", f"{method['temperature']:.3f}, {method['offset']:.3f}"),
        ("Intervals", "80 % of the probability"),
        ("Software", ", ".join(" ".join(item) for item in method["software"].items())),
        ("Round closed", f"{report.closed_at.day} {report.closed_at:%B %Y}"),
    ]
    other = method.get("second")
    if other and other["agreement"]["estimate"] is not None:
        alike = "the same story" if other["same_story"] else "another story"
        rows.append(
            (
                "Another judge",
                f"The plain language model, which knows topics and not choices, reads "
                f"{other['strategies']['estimate']} ({other['strategies']['low']} to {other['strategies']['high']}) "
                f"strategies and an agreement of {percent(other['agreement']['estimate'])}: {alike}",
            )
        )
    if report.votes:
        votes = report.votes
        told = (
            f"what they said about {votes['pairs']} pairs of answers is in the numbers"
            if votes["counted"]
            else "too few said more than “can’t tell”, so the votes are left out"
        )
        rows.append(("Echo check", f"{votes['voters']} of {votes['may_vote']} people took part; {told}"))
    rows += [
        (
            f"Correction {place}",
            f"{correction.voices[0].label} and {correction.voices[1].label}: {correction.words}. "
            f"Reason: “{correction.reason}” ({correction.made_by}, "
            f"{correction.made_at.day} {correction.made_at:%B %Y})"
            + (
                ""
                if correction.has_effect
                else ". It has no effect, because one of the two answers names no strategy"
            ),
        )
        for place, correction in enumerate(report.corrections, start=1)
    ]
    rows += [
        (f"Edit {place}", entry.sentence)
        for place, entry in enumerate(report.log, start=1)
        if entry.part in shown
    ]
    return tuple(rows)


def method_line(report: ReportView) -> str:
    """The card in one line, for the foot of a slide or a page."""
    facts, method = report.round, report.analysis["method"]
    return (
        f"{facts['n_answered']} of {facts['n_invited']} answered · {str(facts['confidentiality']).capitalize()} · "
        f"{method['judge']} · {str(method['fingerprint'])[:12]} · intervals hold 80 %"
    )
