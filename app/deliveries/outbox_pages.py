"""The outbox of development mode."""

from __future__ import annotations

from flask import Response, render_template
from werkzeug.wrappers import Response as AnyResponse

from app.access import current_account, sign_in_required
from app.deliveries import outbox, posting
from app.deliveries.posting import Way
from app.web import NotHere, settings

Answer = str | AnyResponse


@sign_in_required
def show_outbox() -> Answer:
    _require_outbox()
    kept = outbox.list_kept(settings(), organisation_id=current_account().organisation_id)
    return render_template("deliveries/outbox.html", kept=kept)


@sign_in_required
def outbox_file(key: str) -> Answer:
    _require_outbox()
    content = outbox.find_content(settings(), organisation_id=current_account().organisation_id, key=key)
    if content is None:
        raise NotHere
    return Response(
        content,
        mimetype="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{key}.eml"'},
    )


def _require_outbox() -> None:
    if posting.way_of(settings()) != Way.OUTBOX:
        raise NotHere


ROUTES = (("/outbox", show_outbox, ["GET"]), ("/outbox/<key>.eml", outbox_file, ["GET"]))
