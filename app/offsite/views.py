from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeAlias

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from app.access import IDLE, current_account, sign_in_required
from app.db import utc_now
from app.languages import gettext as _
from app.offsite import queries, services
from app.offsite.forms import SHOWING_WORDS, BeginForm, HandsForm, NextDateForm, WordsForm
from app.offsite.models import Meeting, Showing
from app.offsite.notes import NOTES
from app.offsite.pages import Pages, open_pages, state_of
from app.offsite.plan import Slide, build_plan
from app.reports import queries as reports
from app.reports.presenting import present
from app.reports.reading_order import reading_order
from app.reports.revealing import RevealRefused, why_not
from app.surveys.owned import owned_round
from app.theses.forms import ThesisForm
from app.theses.queries import list_versions
from app.web import NotHere, session

blueprint = Blueprint("offsite", __name__)

Answer: TypeAlias = "str | Response | tuple[str, int] | tuple[dict[str, Any], int] | dict[str, Any]"

ON_STAGE, PRESENTING = "slide", "presenter"


def owned_meeting(meeting_id: int) -> Meeting:
    found = queries.find_meeting(
        session(), organisation_id=current_account().organisation_id, meeting_id=meeting_id
    )
    if found is None:
        raise NotHere
    return found


@blueprint.route("/rounds/<int:round_id>/meetings", methods=["GET", "POST"])
@sign_in_required
def begin(round_id: int) -> Answer:
    """What the meeting will be, how it begins, and the meetings that there were."""
    round_ = owned_round(round_id)
    report = reports.find_latest_report(session(), round_id=round_id)
    if report is None or report.document["is_withheld"]:
        return redirect(url_for("reports.report", round_id=round_id))
    view = present(report, reports.list_edits(session(), round_id=round_id))
    shown = reports.revealed_sections(session(), round_=round_)
    form = BeginForm()
    form.offer(is_all_shown=all(part.is_shown for part in reading_order(view, shown)))
    refused = None if shown else why_not(session(), round_=round_)
    if form.validate_on_submit():
        try:
            meeting = services.begin_meeting(
                session(),
                round_=round_,
                report=report,
                view=view,
                showing=Showing(form.showing.data),
                by=current_account(),
                now=utc_now(),
            )
        except (RevealRefused, services.CannotBegin) as problem:
            session().rollback()
            form.showing.errors = [str(problem)]
        else:
            return redirect(
                url_for("offsite.slide", meeting_id=meeting.id, slide="cover"), HTTPStatus.SEE_OTHER
            )
    plan = build_plan(view, Meeting(forks=services.forks_of(view)))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    return (
        render_template(
            "offsite/begin.html",
            round=round_,
            form=form,
            showing_words={showing.value: words for showing, words in SHOWING_WORDS.items()},
            refused=refused,
            plan=plan,
            meetings=[
                (found, found.begun_at.astimezone(view.closed_at.tzinfo))
                for found in queries.list_meetings(session(), round_id=round_id)
            ],
        ),
        status,
    )


# --- Looking ------------------------------------------------------------------------------------------------------


@blueprint.get("/meetings/<int:meeting_id>/slides/<slide>")
@sign_in_required
def slide(meeting_id: int, slide: str) -> Answer:
    """All slides in one document, with this one open: it goes on when the network does not."""
    return _page(ON_STAGE, _pages_of(owned_meeting(meeting_id)), slide)


@blueprint.get("/meetings/<int:meeting_id>/presenter/<slide>")
@sign_in_required
def presenter(meeting_id: int, slide: str) -> Answer:
    return _page(PRESENTING, _pages_of(owned_meeting(meeting_id)), slide)


@blueprint.get("/meetings/<int:meeting_id>/state")
@sign_in_required
def state(meeting_id: int) -> Answer:
    """Where the meeting is, for the windows that follow it. Asking keeps nobody signed in; a meeting that goes on
    does, for a projector is not touched for two hours."""
    meeting, now = owned_meeting(meeting_id), utc_now()
    if now - meeting.changed_at < IDLE:
        cookie["seen"] = int(now.timestamp())
    return state_of(meeting, now)


@blueprint.get("/meetings/<int:meeting_id>/thesis")
@sign_in_required
def draft_thesis(meeting_id: int) -> Answer:
    """The page where theses are written, with what stands on the blank one; nothing is kept before it is saved."""
    meeting = owned_meeting(meeting_id)
    series = meeting.round.series
    versions = list_versions(session(), series_id=series.id)
    form = ThesisForm(formdata=None)
    form.text.data = services.as_thesis(meeting) or (versions[0].text if versions else "")
    form.based_on.data = versions[0].number if versions else 0
    return render_template("theses/thesis.html", series=series, form=form, versions=versions)


# --- Changing -----------------------------------------------------------------------------------------------------


@blueprint.post("/meetings/<int:meeting_id>/slide")
@sign_in_required
def move(meeting_id: int) -> Answer:
    pages, key = _pages_of(owned_meeting(meeting_id)), request.form.get("slide", "")
    try:
        services.move_to(
            session(),
            meeting=pages.meeting,
            plan=pages.plan,
            slide=key,
            by=current_account(),
            now=utc_now(),
        )
    except KeyError:
        raise NotHere from None
    except RevealRefused as problem:
        flash(str(problem), "warning")
        return _done(pages.meeting, key, errors=[str(problem)])
    return _done(pages.meeting, key)


@blueprint.post("/meetings/<int:meeting_id>/clock")
@sign_in_required
def clock(meeting_id: int) -> Answer:
    pages = _pages_of(owned_meeting(meeting_id))
    step = request.form.get("step", "")
    if step not in {each.key for each in pages.plan.steps}:
        raise NotHere
    services.set_clock(
        session(),
        meeting=pages.meeting,
        step=step,
        spent=request.form.get("spent", 0, type=int),
        is_running=request.form.get("is_running") == "1",
        now=utc_now(),
    )
    return _done(pages.meeting, _asked_slide(pages))


@blueprint.post("/meetings/<int:meeting_id>/forks/<int:number>/hands")
@sign_in_required
def hands(meeting_id: int, number: int) -> Answer:
    """Keep a show of hands, or correct it."""
    meeting = owned_meeting(meeting_id)
    fork = next((each for each in meeting.forks if each.number == number), None)
    if fork is None:
        raise NotHere
    form = HandsForm.of(fork)
    pages = _pages_of(meeting, hands={number: form})
    if form.validate_on_submit():
        try:
            services.count_hands(
                session(),
                meeting=meeting,
                number=number,
                n_left=form.left.data or 0,
                n_right=form.right.data or 0,
                n_undecided=form.undecided.data or 0,
                based_on=form.based_on.data or 0,
                now=utc_now(),
            )
        except services.CountedMeanwhile:
            form.left.errors = [
                _(
                    "Another count was kept in the meantime: %(left)s left, %(right)s right, %(undecided)s undecided. "
                    "Yours still stands in the fields: keep it if it is the right one.",
                    left=fork.n_left,
                    right=fork.n_right,
                    undecided=fork.n_undecided,
                )
            ]
            form.based_on.data = fork.counts
            # The field is drawn from what was sent; the new number must take its place.
            form.based_on.raw_data = None
            return _wrong(pages, form, f"fork-{number}", HTTPStatus.CONFLICT)
        return _done(meeting, f"fork-{number}")
    return _wrong(pages, form, f"fork-{number}")


@blueprint.post("/meetings/<int:meeting_id>/words")
@sign_in_required
def words(meeting_id: int) -> Answer:
    """Keep what stands on the blank thesis; from a form, go on to the draft of the thesis."""
    meeting = owned_meeting(meeting_id)
    form = WordsForm.of(meeting)
    if not form.validate_on_submit():
        return _wrong(_pages_of(meeting, words=form), form, "thesis")
    services.write_words(
        session(),
        meeting=meeting,
        only=form.only.data or "",
        whose=form.whose.data or "",
        for_whom=form.for_whom.data or "",
        not_doing=form.not_doing.data or "",
        now=utc_now(),
    )
    if _wants_json():
        return state_of(meeting, utc_now())
    return redirect(url_for("offsite.draft_thesis", meeting_id=meeting.id), HTTPStatus.SEE_OTHER)


@blueprint.post("/meetings/<int:meeting_id>/next-date")
@sign_in_required
def next_date(meeting_id: int) -> Answer:
    meeting = owned_meeting(meeting_id)
    form = NextDateForm()
    if not form.validate_on_submit():
        return _wrong(_pages_of(meeting, next_date=form), form, "next")
    services.set_next_date(session(), meeting=meeting, next_on=form.next_on.data, now=utc_now())
    return _done(meeting, "next")


# --- Steps that the views share -------------------------------------------------------------------------------------


def _pages_of(meeting: Meeting, **sent: Any) -> Pages:
    view = present(meeting.report, reports.list_edits(session(), round_id=meeting.round_id))
    return open_pages(view, meeting, **sent)


def _page(kind: str, pages: Pages, key: str, status: HTTPStatus = HTTPStatus.OK) -> tuple[str, int]:
    found = pages.plan.find(key)
    if found is None:
        raise NotHere
    now = utc_now()
    return (
        render_template(
            "offsite/stage.html" if kind == ON_STAGE else "offsite/presenter.html",
            kind=kind,
            pages=pages,
            plan=pages.plan,
            meeting=pages.meeting,
            round=pages.meeting.round,
            report=pages.report,
            current=found,
            state=state_of(pages.meeting, now),
            notes=NOTES,
            begins=_begins(pages, now),
            urls=_urls(pages.meeting),
        ),
        status,
    )


def _begins(pages: Pages, now: datetime) -> Callable[[Slide], int]:
    """How many seconds the clock of a slide's step has run."""
    spent = pages.meeting.clock_seconds(now)
    return lambda found: spent if found.step and found.step.key == pages.meeting.clock_step else 0


def _urls(meeting: Meeting) -> dict[str, str]:
    """The addresses that the windows of a meeting send to; `slide` and `fork` stand where a name goes."""
    return {
        "state": url_for("offsite.state", meeting_id=meeting.id),
        "move": url_for("offsite.move", meeting_id=meeting.id),
        "clock": url_for("offsite.clock", meeting_id=meeting.id),
        "words": url_for("offsite.words", meeting_id=meeting.id),
        "next_date": url_for("offsite.next_date", meeting_id=meeting.id),
        "thesis": url_for("offsite.draft_thesis", meeting_id=meeting.id),
    }


def _wants_json() -> bool:
    return request.headers.get("Accept") == "application/json"


def _asked_slide(pages: Pages) -> str:
    key = request.form.get("slide", "")
    return key if pages.plan.find(key) else "cover"


def _done(meeting: Meeting, key: str, errors: list[str] | None = None) -> Answer:
    """The new state for a script, else back to the page that sent the form."""
    if _wants_json():
        return {**state_of(meeting, utc_now()), "errors": errors or []}
    kind = PRESENTING if request.form.get("kind") == PRESENTING else ON_STAGE
    return redirect(url_for(f"offsite.{kind}", meeting_id=meeting.id, slide=key), HTTPStatus.SEE_OTHER)


def _wrong(pages: Pages, form: Any, key: str, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> Answer:
    """The form again with what was typed, and why; for a script the reasons and the state that stands."""
    if _wants_json():
        errors = [str(message) for field in form for message in field.errors]
        return {**state_of(pages.meeting, utc_now()), "errors": errors}, status
    kind = PRESENTING if request.form.get("kind") == PRESENTING else ON_STAGE
    return _page(kind, pages, key, status)
