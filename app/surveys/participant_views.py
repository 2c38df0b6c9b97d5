"""The facilitator's pages of the people in a round and of their personal links. views.py registers RULES."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import sign_in_required
from app.db import utc_now
from app.directory.pasting import MAX_PEOPLE, Pasted, read_pasted
from app.directory.services import add_people
from app.languages import gettext as _
from app.languages import ngettext
from app.surveys import mail_merge, queries, services
from app.surveys.confidentiality import shows_who_answered
from app.surveys.forms import KeyForm, ParticipantForm, ParticipantsForm
from app.surveys.links import KeyRefused, PersonalLink, new_key, qr_code, token_for
from app.surveys.models import Participant, Round, RoundState
from app.surveys.owned import owned_participant, owned_round
from app.surveys.roster import list_unknown
from app.surveys.wording import number
from app.web import session, settings

Answer = str | Response | tuple[str, int]

# A page of that many codes still opens at once on a phone; a longer list is for the mail merge.
MOST_QR_CODES = 60


@sign_in_required
def participants(round_id: int) -> Answer:
    round_ = owned_round(round_id)
    return _participants_page(round_, ParticipantsForm(formdata=None))


@sign_in_required
def add_participants(round_id: int) -> Answer:
    """First what was understood of the lines, then, sent again as it was shown, the people themselves."""
    round_ = owned_round(round_id)
    form = ParticipantsForm()
    if not form.validate_on_submit():
        return _participants_page(round_, form), HTTPStatus.UNPROCESSABLE_ENTITY
    if not services.may_add_participants(round_):
        raise services.WrongState
    text = form.text
    present = queries.list_identities(session(), round_id=round_id)
    pasted = read_pasted(text, present=present, room=MAX_PEOPLE - len(present))
    if not text.strip():
        form.lines.errors = [_("Write or paste at least one person, or choose a file.")]
        return _participants_page(round_, form), HTTPStatus.UNPROCESSABLE_ENTITY
    if not form.is_checked(text) or "again" in request.form:
        return _preview_page(round_, form, text, pasted)
    key = form.key.data or new_key()
    added = services.add_participants(session(), round_=round_, people=pasted.people)
    if form.is_kept.data:
        add_people(session(), organisation_id=round_.series.organisation_id, people=pasted.people)
    if round_.state == RoundState.OPEN:
        services.make_links(session(), round_=round_, participants=added, key=key, now=utc_now())
        page = links_page(round_, key=key, left_over=pasted.left_over)
        return page or _preview_page(round_, form, text, pasted)
    if added:
        flash(added_words(len(added)), "success")
    if pasted.bad:
        # What could not be read stays in the form, so that it can be mended there.
        words = ngettext(
            "%(n)s line that could not be read stands below.",
            "%(n)s lines that could not be read stand below.",
            len(pasted.bad),
            n=number(len(pasted.bad)),
        )
        flash(words, "warning")
        left = ParticipantsForm(formdata=None)
        left.lines.data = pasted.left_over
        return _participants_page(round_, left)
    return redirect(url_for("surveys.participants", round_id=round_id))


def added_words(n: int) -> str:
    return ngettext("%(n)s person is added.", "%(n)s people are added.", n, n=number(n))


@sign_in_required
def edit_participant(round_id: int, participant_id: int) -> Answer:
    round_ = owned_round(round_id)
    participant = owned_participant(round_, participant_id)
    if round_.state == RoundState.CLOSED:
        raise services.WrongState
    form = ParticipantForm()
    if form.validate_on_submit():
        try:
            services.change_participant(
                session(),
                participant=participant,
                name=form.name.data or "",
                email=form.email.data or "",
                role=form.role.data or "",
            )
        except services.IdentityTaken:
            field = form.email if form.email.data else form.name
            field.errors = [_("Somebody else in this round has this already.")]
        else:
            flash(_("%(name)s is changed.", name=participant.name), "success")
            return redirect(url_for("surveys.participants", round_id=round_id))
    elif not form.is_submitted():
        form.name.data, form.email.data, form.role.data = (
            participant.name,
            participant.email,
            participant.role,
        )
    page = render_template("surveys/edit_participant.html", round=round_, participant=participant, form=form)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK


@sign_in_required
def remove_participant(round_id: int, participant_id: int) -> Answer:
    round_ = owned_round(round_id)
    participant = owned_participant(round_, participant_id)
    services.remove_participant(session(), participant=participant)
    flash(_("%(name)s is taken off the list.", name=participant.name), "success")
    return redirect(url_for("surveys.participants", round_id=round_id))


@sign_in_required
def reissue_link(round_id: int, participant_id: int) -> Answer:
    """A new link for one person, shown once; the former one stops working."""
    round_ = owned_round(round_id)
    participant = owned_participant(round_, participant_id)
    form = KeyForm()
    if not form.validate_on_submit():
        raise KeyRefused
    key = form.key.data or ""
    services.reissue_link(session(), participant=participant, key=key, now=utc_now())
    page = links_page(round_, key=key, only=participant)
    assert page is not None, "a link that was just made is live"
    return page


@sign_in_required
def links_csv(round_id: int) -> Answer:
    """The links that the page shows, as a file for a mail merge: only such as are live links of this round."""
    round_ = owned_round(round_id)
    key = request.form.get("key", "")
    links = _links(round_, key=key)
    wanted = request.form.get("participant", "")
    if wanted:
        links = [link for link in links if str(link.participant.id) == wanted]
    if not links:
        flash(_("These links are no longer valid, so there is nothing to download."), "warning")
        return redirect(url_for("surveys.participants", round_id=round_id))
    return Response(
        mail_merge.links_csv(links),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{mail_merge.file_name(round_.label)}"'},
    )


def links_page(
    round_: Round, *, key: str, only: Participant | None = None, left_over: str = ""
) -> str | None:
    """The page with the live links that come of this key; None when there are none, or the key is not ours."""
    links = [link for link in _links(round_, key=key) if only is None or link.participant.id == only.id]
    if not links:
        return None
    has_codes = len(links) <= MOST_QR_CODES
    codes = {link.participant.id: qr_code(link.url) for link in links} if has_codes else {}
    return render_template(
        "surveys/links.html",
        round=round_,
        links=links,
        codes=codes,
        key=key,
        only=only,
        left_over=left_over,
        n_people=len(round_.participants),
        now=utc_now(),
    )


def _links(round_: Round, *, key: str) -> list[PersonalLink]:
    try:
        tokens = {
            queries.hash_token(token): token
            for token in (
                token_for(key=key, round_id=round_.id, participant_id=participant.id)
                for participant in round_.participants
            )
        }
    except KeyRefused:
        return []
    live = queries.map_live_tokens(session(), round_id=round_.id, token_hashes=tokens)
    links = [
        PersonalLink(
            participant=participant,
            url=settings().base_url + url_for("answering.begin", token=tokens[token_hash]),
        )
        for token_hash, participant in live.items()
    ]
    return sorted(links, key=lambda link: (link.participant.name.casefold(), link.participant.id))


def _participants_page(round_: Round, form: ParticipantsForm) -> str:
    return render_template(
        "surveys/participants.html",
        round=round_,
        form=form,
        may_add=services.may_add_participants(round_),
        unknown=list_unknown(session(), round_=round_),
        n_unlinked=_count_unlinked(round_),
        shows_states=shows_who_answered(round_),
        key=new_key(),
        most=MAX_PEOPLE,
    )


def _count_unlinked(round_: Round) -> int:
    if round_.state != RoundState.OPEN:
        return 0
    linked = queries.list_linked_ids(session(), round_id=round_.id)
    return sum(participant.id not in linked for participant in round_.participants)


def _preview_page(round_: Round, form: ParticipantsForm, text: str, pasted: Pasted) -> str:
    if not form.checked.data:
        form.is_kept.data = True
    form.show_checked(text)
    form.key.data, form.key.raw_data = new_key(), None
    return render_template("surveys/add_participants.html", round=round_, form=form, pasted=pasted)


_ROUND = "/rounds/<int:round_id>"
_PERSON = f"{_ROUND}/participants/<int:participant_id>"

RULES = (
    (f"{_ROUND}/participants", participants, ["GET"]),
    (f"{_ROUND}/participants", add_participants, ["POST"]),
    (f"{_ROUND}/links.csv", links_csv, ["POST"]),
    (_PERSON, edit_participant, ["GET", "POST"]),
    (f"{_PERSON}/remove", remove_participant, ["POST"]),
    (f"{_PERSON}/link", reissue_link, ["POST"]),
)
