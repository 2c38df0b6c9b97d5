"""The facilitator's pages for designing a round: its questions, the library, templates, export and import."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.access import current_account, sign_in_required
from app.languages import gettext as _
from app.languages import ngettext
from app.surveys.design import queries, services, wording
from app.surveys.design.beginnings import name_words, summary_words
from app.surveys.design.exchange import MAX_QUESTIONS, read_json, to_document, to_json
from app.surveys.design.forms import ImportForm, OrderForm, TemplateForm, TitleForm, question_form
from app.surveys.design.library import FORKS, LIBRARY, OTHERS, Ready
from app.surveys.design.question_forms import QuestionForm
from app.surveys.design.translation_views import translations
from app.surveys.kinds import CONFIDENCE_STEPS, KIND_NAMES, default_settings, unfinished
from app.surveys.models import Question, QuestionKind, Round, RoundState, SurveyTemplate
from app.surveys.owned import owned_round
from app.surveys.services import WrongState
from app.surveys.starting_points import STARTING_POINTS
from app.surveys.strict import DataRefused, Problem
from app.surveys.translations import in_main_language, in_spoken_language, languages_of, ready_made
from app.web import NotHere, session

blueprint = Blueprint("design", __name__)
blueprint.add_app_template_filter(wording.summary_of)
blueprint.add_app_template_filter(languages_of)
blueprint.add_app_template_filter(in_spoken_language)
blueprint.add_url_rule(
    "/rounds/<int:round_id>/questions/translations", view_func=translations, methods=["GET", "POST"]
)

Answer = str | Response | tuple[str, int]


@blueprint.errorhandler(services.DesignRefused)
def _refused(refusal: services.DesignRefused) -> Response:
    session().rollback()
    flash(str(refusal), "warning")
    return _to_questions((request.view_args or {})["round_id"])


@blueprint.errorhandler(WrongState)
def _launched(_error: WrongState) -> Response:
    session().rollback()
    round_id = (request.view_args or {})["round_id"]
    flash(
        _("The round has been launched, so its questions stand as they are. Nothing was changed."), "warning"
    )
    return redirect(url_for("surveys.show", round_id=round_id))


# --- The questions of a round --------------------------------------------------------------------------------------


@blueprint.get("/rounds/<int:round_id>/questions")
@sign_in_required
def questions(round_id: int) -> Answer:
    """The list, to be read in any state and changed in a draft."""
    round_ = owned_round(round_id)
    trends = _trends(round_)
    return render_template(
        "design/questions.html",
        round=round_,
        rows=[
            {
                "question": question,
                "condition": wording.condition_words(question, round_.questions),
                "unfinished": unfinished(question),
                "asked_in": trends.get(question.key) if question.is_trend else None,
            }
            for question in round_.questions
        ],
        kind_names=KIND_NAMES,
        purposes=wording.PURPOSES,
        order_form=OrderForm(),
        has_room=len(round_.questions) < MAX_QUESTIONS,
        moved=request.args.get("moved", type=int),
        moved_by=request.args.get("by", ""),
    )


@blueprint.route("/rounds/<int:round_id>/title", methods=["GET", "POST"])
@sign_in_required
def change_title(round_id: int) -> Answer:
    round_ = _draft(round_id)
    form = TitleForm()
    if form.validate_on_submit():
        services.change_title(session(), round_=round_, title=form.title.data or "")
        flash(_("The title is changed."), "success")
        return _to_questions(round_id)
    if not form.is_submitted():
        form.title.data = round_.series.title
    return _page(form, "design/change_title.html", round=round_)


@blueprint.route("/rounds/<int:round_id>/questions/new/<kind>", methods=["GET", "POST"])
@sign_in_required
def new_question(round_id: int, kind: str) -> Answer:
    round_ = _draft(round_id)
    if kind not in set(QuestionKind):
        raise NotHere
    wanted = QuestionKind(kind)
    blank = Question(
        kind=wanted, prompt="", hint="", is_required=True, is_trend=False, settings=default_settings(wanted)
    )
    # The parts that it begins with, in the language in which the round is written.
    (blank,) = in_main_language([blank], languages_of(round_)[0])
    form = question_form(blank, earlier=round_.questions)
    if form.validate_on_submit():
        services.add_question(session(), round_=round_, kind=wanted, draft=form.draft)
        flash(_("The question is number %(n)s.", n=len(round_.questions)), "success")
        return _to_questions(round_id)
    return _form_page(round_, form, question=None)


@blueprint.route("/rounds/<int:round_id>/questions/<int:question_id>", methods=["GET", "POST"])
@sign_in_required
def question(round_id: int, question_id: int) -> Answer:
    round_ = _draft(round_id)
    asked = _question(round_, question_id)
    asked_in = _trends(round_).get(asked.key) if asked.is_trend else None
    if asked_in is not None:
        if request.method == "POST":
            services.refuse_locked(session(), round_=round_, question=asked)
        return render_template(
            "design/locked_question.html",
            round=round_,
            question=asked,
            asked_in=asked_in,
            kind_name=KIND_NAMES[QuestionKind(asked.kind)],
            condition=wording.condition_words(asked, round_.questions),
        )
    earlier = [other for other in round_.questions if other.position < asked.position]
    form = question_form(asked, earlier=earlier)
    if form.validate_on_submit():
        try:
            services.change_question(session(), round_=round_, question=asked, draft=form.draft)
        except services.DesignRefused as refusal:
            session().rollback()
            form.form_errors.append(str(refusal))
            return _form_page(round_, form, question=asked)
        flash(_("Question %(n)s is changed.", n=asked.position), "success")
        return _to_questions(round_id)
    return _form_page(round_, form, question=asked)


@blueprint.route("/rounds/<int:round_id>/questions/<int:question_id>/remove", methods=["GET", "POST"])
@sign_in_required
def remove_question(round_id: int, question_id: int) -> Answer:
    round_ = _draft(round_id)
    asked = _question(round_, question_id)
    if request.method == "POST":
        services.remove_question(session(), round_=round_, question=asked)
        flash(_("The question is taken out."), "success")
        return _to_questions(round_id)
    return render_template("design/remove_question.html", round=round_, question=asked)


@blueprint.post("/rounds/<int:round_id>/questions/<int:question_id>/move")
@sign_in_required
def move_question(round_id: int, question_id: int) -> Answer:
    round_ = _draft(round_id)
    asked = _question(round_, question_id)
    by = "up" if request.form.get("by") == "up" else "down"
    services.move_question(session(), round_=round_, question=asked, by=-1 if by == "up" else 1)
    number = next(other.position for other in round_.questions if other.id == question_id)
    flash(_("“%(prompt)s” is now question %(n)s.", prompt=services.shown(asked.prompt), n=number), "success")
    # The page opens where the hands are, on the same button of the question that moved. No fragment in the address:
    # with one, browsers leave the button without the focus.
    return redirect(url_for("design.questions", round_id=round_id, moved=question_id, by=by))


@blueprint.post("/rounds/<int:round_id>/questions/order")
@sign_in_required
def order_questions(round_id: int) -> Answer:
    """The order that somebody dragged the questions into."""
    round_ = _draft(round_id)
    services.order_questions(session(), round_=round_, ids=OrderForm().chosen)
    flash(_("The questions are in the new order."), "success")
    return _to_questions(round_id)


@blueprint.post("/rounds/<int:round_id>/previewed")
@sign_in_required
def previewed(round_id: int) -> Answer:
    """Somebody has read every question on the preview."""
    round_ = _draft(round_id)
    try:
        services.mark_previewed(session(), round_=round_, digest=request.form.get("digest", ""))
    except services.DesignRefused as refusal:
        session().rollback()
        flash(str(refusal), "warning")
        return redirect(url_for("surveys.preview", round_id=round_id))
    flash(_("Noted: every question has been read."), "success")
    return redirect(url_for("surveys.show", round_id=round_id))


# --- Library, export and import ------------------------------------------------------------------------------------


@blueprint.route("/rounds/<int:round_id>/library", methods=["GET", "POST"])
@sign_in_required
def library(round_id: int) -> Answer:
    """Questions that are ready; each one's button puts a copy into the round."""
    round_ = _draft(round_id)
    if request.method == "POST":
        ready = LIBRARY.get(request.form.get("ready", ""))
        if ready is None:
            raise NotHere
        added = services.add_ready_question(session(), round_=round_, ready=ready)
        flash(_("Added as question %(n)s. Reword it as you like.", n=added.position), "success")
        return redirect(url_for("design.library", round_id=round_id, _anchor=f"ready-{ready.key}"))
    groups = [(_("Forks"), "forks", [_shown(round_, ready) for ready in FORKS])]
    groups += [
        (str(KIND_NAMES[kind]), str(kind), [_shown(round_, ready) for ready in OTHERS if ready.kind == kind])
        for kind in KIND_NAMES
        if kind != QuestionKind.FORK
    ]
    return render_template(
        "design/library.html",
        round=round_,
        groups=groups,
        n=len(LIBRARY),
        n_forks=len(FORKS),
    )


def _shown(round_: Round, ready: Ready) -> tuple[str, Question, bool]:
    """A question of the library by its key, in the language of the page, and whether it is in the round already."""
    prompts = {question.prompt for question in round_.questions}
    added = in_main_language([ready.question()], languages_of(round_)[0])
    is_present = ready.prompt in prompts or added[0].prompt in prompts
    return ready.key, in_spoken_language(ready_made(ready.question())), is_present


@blueprint.get("/rounds/<int:round_id>/questions.json")
@sign_in_required
def export(round_id: int) -> Response:
    round_ = owned_round(round_id)
    document = to_document(
        title=round_.series.title,
        introduction=round_.introduction,
        questions=round_.questions,
        language=languages_of(round_)[0],
    )
    name = quote(f"{round_.series.title} {round_.label}.json".replace("/", "-"), safe="")
    headers = {
        "Content-Disposition": f"attachment; filename=\"survey.json\"; filename*=UTF-8''{name}",
    }
    return FlaskResponse(to_json(document), content_type="application/json; charset=utf-8", headers=headers)


@blueprint.route("/rounds/<int:round_id>/import", methods=["GET", "POST"])
@sign_in_required
def import_survey(round_id: int) -> Answer:
    """Questions from a file; one that cannot be read comes back as text, with each problem and its place."""
    round_ = _draft(round_id)
    form = ImportForm()
    problems: tuple[Problem, ...] = ()
    if form.validate_on_submit():
        given = form.file.data.read() if form.file.data else (form.text.data or "")
        try:
            survey = read_json(given)
            n = services.take_survey(
                session(), round_=round_, survey=survey, is_instead=form.place.data == "instead"
            )
        except DataRefused as refused:
            problems = refused.problems
        except services.DesignRefused as refusal:
            session().rollback()
            problems = (Problem("", str(refusal)),)
        else:
            words = ngettext(
                "%(n)s question is in the round now.", "%(n)s questions are in the round now.", n
            )
            flash(words, "success")
            return _to_questions(round_id)
        form.text.data = given.decode("utf-8", "replace") if isinstance(given, bytes) else given
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    return render_template("design/import.html", round=round_, form=form, problems=problems), status


# --- Templates -----------------------------------------------------------------------------------------------------


@blueprint.route("/rounds/<int:round_id>/template", methods=["GET", "POST"])
@sign_in_required
def save_template(round_id: int) -> Answer:
    round_ = owned_round(round_id)
    form = TemplateForm()
    if form.validate_on_submit():
        try:
            template = services.save_template(
                session(),
                round_=round_,
                organisation_id=current_account().organisation_id,
                name=form.name.data or "",
            )
        except services.NameTaken:
            form.name.errors = [_("There is a template of this name already. Choose another name.")]
        else:
            flash(
                _("“%(name)s” is kept. The next new round can begin with it.", name=template.name), "success"
            )
            return redirect(url_for("design.templates"))
    elif not form.is_submitted():
        form.name.data = round_.series.title[:80]
    return _page(form, "design/save_template.html", round=round_)


@blueprint.get("/templates")
@sign_in_required
def templates() -> Answer:
    own = queries.list_templates(session(), organisation_id=current_account().organisation_id)
    ready = [(point, name_words(point), summary_words(point)) for point in STARTING_POINTS.values()]
    return render_template("design/templates.html", own=own, ready=ready)


@blueprint.route("/templates/<int:template_id>/delete", methods=["GET", "POST"])
@sign_in_required
def delete_template(template_id: int) -> Answer:
    template = _template(template_id)
    if request.method == "POST":
        services.delete_template(session(), template=template)
        flash(_("“%(name)s” is deleted.", name=template.name), "success")
        return redirect(url_for("design.templates"))
    return render_template("design/delete_template.html", template=template)


# --- Steps that the views share ------------------------------------------------------------------------------------


def _draft(round_id: int) -> Round:
    round_ = owned_round(round_id)
    if round_.state != RoundState.DRAFT:
        raise WrongState
    return round_


def _question(round_: Round, question_id: int) -> Question:
    found = next((question for question in round_.questions if question.id == question_id), None)
    if found is None:
        raise NotHere
    return found


def _template(template_id: int) -> SurveyTemplate:
    found = queries.find_template(
        session(), organisation_id=current_account().organisation_id, template_id=template_id
    )
    if found is None:
        raise NotHere
    return found


def _trends(round_: Round) -> dict[str, str]:
    return queries.map_trends(session(), round_=round_)


def _to_questions(round_id: int) -> Response:
    return redirect(url_for("design.questions", round_id=round_id))


def _form_page(round_: Round, form: QuestionForm, *, question: Question | None) -> Answer:
    return _page(
        form,
        "design/question.html",
        round=round_,
        question=question,
        kind=form.kind,
        kind_name=KIND_NAMES[form.kind],
        purpose=wording.PURPOSES[form.kind],
        confidence_steps=[_(step) for step in CONFIDENCE_STEPS],
    )


def _page(form: FlaskForm, template: str, **context: object) -> Answer:
    """The form's page: as it was, or with what is wrong and every character that was typed."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    return render_template(template, form=form, **context), status
