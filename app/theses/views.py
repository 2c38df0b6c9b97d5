from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.access import current_account, sign_in_required
from app.languages import gettext as _
from app.surveys.owned import owned_series
from app.theses import queries, services
from app.theses.forms import ThesisForm
from app.web import session

blueprint = Blueprint("theses", __name__)


@blueprint.route("/series/<int:series_id>/thesis", methods=["GET", "POST"])
@sign_in_required
def thesis(series_id: int) -> str | Response | tuple[str, int]:
    series = owned_series(series_id)
    versions = queries.list_versions(session(), series_id=series_id)
    form = ThesisForm()
    if form.validate_on_submit():
        try:
            services.write_version(
                session(),
                series_id=series_id,
                text=form.text.data or "",
                account=current_account(),
                based_on=form.based_on.data or 0,
            )
        except services.NothingChanged:
            flash(_("This is the thesis as it stands already; nothing was changed."), "info")
        except IntegrityError:
            session().rollback()
            return _somebody_was_faster(series_id, form)
        else:
            flash(_("The thesis is kept. Every round is now measured against it."), "success")
        return redirect(url_for("tracking.convergence", series_id=series_id))
    if not form.is_submitted():
        form.text.data = versions[0].text if versions else ""
        form.based_on.data = versions[0].number if versions else 0
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    return render_template("theses/thesis.html", series=series, form=form, versions=versions), status


def _somebody_was_faster(series_id: int, form: ThesisForm) -> tuple[str, int]:
    series = owned_series(series_id)
    versions = queries.list_versions(session(), series_id=series_id)
    form.text.errors = [
        _(
            "Somebody else has written a newer version since you opened this page; it is shown below. "
            "Your text is kept here: compare the two, then save again."
        )
    ]
    form.based_on.data = versions[0].number
    # The field is drawn from what was sent; the new number must take its place.
    form.based_on.raw_data = None
    return (
        render_template("theses/thesis.html", series=series, form=form, versions=versions),
        HTTPStatus.CONFLICT,
    )
