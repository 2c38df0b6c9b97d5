from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField

from app.languages import lazy_gettext as _l


class ScreenForm(FlaskForm):
    """What every page of questions has beside them; the questions' own fields: templates/macros/questions.html."""

    shared = BooleanField(_l("I am on a shared computer"))
