"""The people of the organisation: who they are, who has left, and how a list of them comes in."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import current_account, sign_in_required
from app.db import utc_now
from app.directory import queries, services
from app.directory.forms import PeopleForm, PersonForm
from app.directory.models import DirectoryPerson
from app.directory.pasting import MAX_PEOPLE, read_pasted
from app.languages import gettext as _
from app.languages import ngettext
from app.web import NotHere, session

blueprint = Blueprint("directory", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/people")
@sign_in_required
def people() -> Answer:
    everybody = queries.list_people(session(), organisation_id=current_account().organisation_id)
    return render_template(
        "directory/people.html",
        present=[person for person in everybody if person.left_at is None],
        left=[person for person in everybody if person.left_at is not None],
    )


@blueprint.route("/people/new", methods=["GET", "POST"])
@sign_in_required
def add_person() -> Answer:
    form = PersonForm()
    if form.validate_on_submit():
        try:
            person = services.add_person(
                session(), organisation_id=current_account().organisation_id, details=form.details
            )
        except services.PersonTaken:
            _say_taken(form)
        else:
            flash(_("%(name)s is added.", name=person.name), "success")
            return redirect(url_for("directory.people"))
    return _person_page(form, None)


@blueprint.route("/people/<int:person_id>", methods=["GET", "POST"])
@sign_in_required
def edit_person(person_id: int) -> Answer:
    person = _owned_person(person_id)
    form = PersonForm()
    if form.validate_on_submit():
        try:
            services.change_person(session(), person=person, details=form.details)
        except services.PersonTaken:
            _say_taken(form)
        else:
            flash(_("%(name)s is changed.", name=person.name), "success")
            return redirect(url_for("directory.people"))
    elif not form.is_submitted():
        form.show_person(person)
    return _person_page(form, person)


@blueprint.post("/people/<int:person_id>/left")
@sign_in_required
def mark_left(person_id: int) -> Answer:
    """Mark somebody as left, or as there again."""
    person = _owned_person(person_id)
    is_left = person.left_at is None
    services.mark_left(session(), person=person, is_left=is_left, now=utc_now())
    words = (
        _("%(name)s has left: no new round asks them.", name=person.name)
        if is_left
        else _("%(name)s is there again.", name=person.name)
    )
    flash(words, "success")
    return redirect(url_for("directory.people"))


@blueprint.route("/people/import", methods=["GET", "POST"])
@sign_in_required
def import_people() -> Answer:
    """First what was understood of the lines, then, sent again as it was shown, the people themselves."""
    form = PeopleForm()
    if not form.is_submitted():
        return render_template("directory/import_people.html", form=form, pasted=None)
    organisation_id = current_account().organisation_id
    text = form.text if form.validate() else ""
    if not text.strip():
        form.lines.errors = [*form.lines.errors, _("Write or paste at least one person, or choose a file.")]
        page = render_template("directory/import_people.html", form=form, pasted=None)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    present = queries.map_by_identity(session(), organisation_id=organisation_id)
    pasted = read_pasted(text, present=present, whole="directory", room=MAX_PEOPLE)
    if form.is_checked(text) and "again" not in request.form and pasted.people:
        added = services.add_people(session(), organisation_id=organisation_id, people=pasted.people)
        words = ngettext("%(n)s person is added.", "%(n)s people are added.", len(added))
        flash(words, "success")
        if not pasted.bad:
            return redirect(url_for("directory.people"))
        # What could not be read stays in the form, so that it can be mended there.
        flash(_("The lines that could not be read stand below."), "warning")
        form = PeopleForm(formdata=None)
        form.lines.data = pasted.left_over
        return render_template("directory/import_people.html", form=form, pasted=None)
    form.show_checked(text)
    return render_template("directory/import_people.html", form=form, pasted=pasted)


def _owned_person(person_id: int) -> DirectoryPerson:
    found = queries.find_person(
        session(), organisation_id=current_account().organisation_id, person_id=person_id
    )
    if found is None:
        raise NotHere
    return found


def _person_page(form: PersonForm, person: DirectoryPerson | None) -> Answer:
    everybody = queries.list_present(session(), organisation_id=current_account().organisation_id)
    page = render_template(
        "directory/person.html",
        form=form,
        person=person,
        functions=sorted({other.function for other in everybody if other.function}),
        levels=sorted({other.level for other in everybody if other.level}),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK


def _say_taken(form: PersonForm) -> None:
    field = form.email if form.email.data else form.name
    field.errors = [
        _("Somebody in the directory has this mail address already, or had it before.")
        if form.email.data
        else _("Somebody in the directory has this name already, or had it before.")
    ]
