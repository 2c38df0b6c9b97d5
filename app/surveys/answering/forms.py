from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField


class ScreenForm(FlaskForm):
    """What every page of questions has beside them; the questions' own fields: templates/macros/questions.html."""

    shared = BooleanField("I am on a shared computer")
