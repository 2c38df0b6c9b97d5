"""Every component in its states, for whoever changes the look; only in development."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, NumberRange, Optional

blueprint = Blueprint("look", __name__)


class SampleForm(FlaskForm):
    """One field of each kind; nothing is ever sent."""

    name = StringField("Your name", validators=[InputRequired("Write your name.")])
    mail = EmailField("Mail address", validators=[Email("Write the address like ada@example.org.")])
    answer = TextAreaField("In one to three sentences: what is our strategy?")
    guess = IntegerField(
        "Your guess", validators=[Optional(), NumberRange(0, 100, "Give a number from 0 to 100.")]
    )
    mode = RadioField(
        "Who sees what?",
        choices=[
            SelectChoice("named", "Named"),
            SelectChoice("confidential", "Confidential"),
            SelectChoice("unattributed", "Unattributed"),
        ],
    )
    people = RadioField(
        "How many people?",
        choices=[SelectChoice("9", "Nine"), SelectChoice("30", "Thirty")],
        validators=[InputRequired("Choose one of the two.")],
    )
    zone = SelectField("Time zone", choices=["Europe/Berlin", "America/New_York"])
    shared = BooleanField("This is a shared computer")
    sheet = FileField("Or a spreadsheet (CSV)", validators=[Optional()])


@blueprint.get("/styleguide")
def styleguide() -> str:
    filled = MultiDict(
        {
            "name": "Ada Okafor",
            "mail": "ada at example",
            "guess": "60",
            "mode": "confidential",
            "zone": "Europe/Berlin",
        }
    )
    form = SampleForm(formdata=filled, meta={"csrf": False})
    form.validate()
    return render_template("look/styleguide.html", form=form)
