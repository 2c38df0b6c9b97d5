"""Every component in its states, for whoever changes the look; only in development."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("look", __name__)


@blueprint.get("/styleguide")
def styleguide() -> str:
    return render_template("look/styleguide.html")
