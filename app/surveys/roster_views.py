"""The facilitator's pages that join a round and the directory, and the links of those who have none.

views.py registers RULES.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import sign_in_required
from app.db import utc_now
from app.directory.models import DirectoryPerson
from app.directory.pasting import Person
from app.directory.queries import list_present
from app.directory.services import add_people
from app.languages import gettext as _
from app.languages import marked, ngettext
from app.surveys import queries, services
from app.surveys.forms import KeyForm
from app.surveys.links import KeyRefused
from app.surveys.models import Round, RoundState
from app.surveys.owned import owned_round
from app.surveys.participant_views import added_words, links_page
from app.surveys.roster import as_pasted, list_unknown
from app.surveys.wording import number
from app.web import session

Answer = str | Response | tuple[str, int]

WITHOUT = marked("No function")


@dataclass(frozen=True)
class Group:
    """People of one function, to be ticked one by one or all at once."""

    function: str
    people: list[DirectoryPerson]


@sign_in_required
def pick_participants(round_id: int) -> Answer:
    """The directory with a tick box for each person, each function and each level."""
    round_ = owned_round(round_id)
    if not services.may_add_participants(round_):
        raise services.WrongState
    offered = _offered(round_)
    if request.method == "POST":
        chosen = _chosen(offered)
        if chosen:
            return _add(round_, chosen)
    page = render_template(
        "surveys/pick_participants.html",
        round=round_,
        groups=_groups(offered),
        levels=sorted({person.level for person in offered if person.level}, key=str.casefold),
        n_there=len(round_.participants),
        has_error=request.method == "POST",
        key=request.form.get("key", ""),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK


@sign_in_required
def keep_participants(round_id: int) -> Answer:
    """Add everybody of the round who is not in the directory to it."""
    round_ = owned_round(round_id)
    people = [
        Person(line=0, name=each.name, email=each.email, role=each.role)
        for each in list_unknown(session(), round_=round_)
    ]
    added = add_people(session(), organisation_id=round_.series.organisation_id, people=people)
    n = len(added)
    words = ngettext(
        "%(n)s person is kept in the directory.", "%(n)s people are kept in the directory.", n, n=number(n)
    )
    flash(words, "success")
    return redirect(url_for("surveys.participants", round_id=round_id))


@sign_in_required
def make_links(round_id: int) -> Answer:
    """Links for those of an open round who have none that works, shown this one time."""
    round_ = owned_round(round_id)
    form = KeyForm()
    if not form.validate_on_submit():
        raise KeyRefused
    key = form.key.data or ""
    services.make_missing_links(session(), round_=round_, key=key, now=utc_now())
    page = links_page(round_, key=key)
    if page is None:
        flash(_("Everybody has a link that works already."), "info")
        return redirect(url_for("surveys.participants", round_id=round_id))
    return page


def _offered(round_: Round) -> list[DirectoryPerson]:
    """Who is in the directory, has not left, and is not in the round yet."""
    there = queries.list_identities(session(), round_id=round_.id)
    people = list_present(session(), organisation_id=round_.series.organisation_id)
    return [person for person in people if person.identity not in there]


def _groups(offered: list[DirectoryPerson]) -> list[Group]:
    functions = sorted({person.function for person in offered if person.function}, key=str.casefold)
    groups = [Group(name, [person for person in offered if person.function == name]) for name in functions]
    rest = [person for person in offered if not person.function]
    return [*groups, Group(_(WITHOUT) if groups else "", rest)] if rest else groups


def _chosen(offered: list[DirectoryPerson]) -> list[DirectoryPerson]:
    ids, functions, levels = (set(request.form.getlist(name)) for name in ("person", "function", "level"))
    return [
        person
        for person in offered
        if str(person.id) in ids
        or (person.function or _(WITHOUT)) in functions
        or (person.level and person.level in levels)
    ]


def _add(round_: Round, chosen: list[DirectoryPerson]) -> Answer:
    added = services.add_participants(session(), round_=round_, people=as_pasted(chosen))
    flash(added_words(len(added)), "success")
    if round_.state == RoundState.OPEN:
        flash(_("They have no link yet: send the invitation, or make their links below."), "info")
    return redirect(url_for("surveys.participants", round_id=round_.id))


_ROUND = "/rounds/<int:round_id>"

RULES = (
    (f"{_ROUND}/participants/pick", pick_participants, ["GET", "POST"]),
    (f"{_ROUND}/participants/keep", keep_participants, ["POST"]),
    (f"{_ROUND}/links", make_links, ["POST"]),
)
