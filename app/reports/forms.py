from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.fields import LineField, LongTextField
from app.reports.edits import LONGEST_LABEL
from app.reports.reading_order import Part

MAX_REASON = 1_000


class RevealForm(FlaskForm):
    """Which of the hidden sections the team is to see; all are ticked to begin with."""

    sections = SelectMultipleField(
        "Which sections?",
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
        validators=[InputRequired("Tick at least one section.")],
    )

    def offer(self, hidden: list[Part]) -> None:
        self.sections.choices = [
            SelectChoice(part.section.value, f"{part.number}. {part.title}") for part in hidden
        ]
        if not self.is_submitted():
            self.sections.data = [part.section.value for part in hidden]


class LabelForm(FlaskForm):
    label = LineField(
        "Label",
        validators=[
            DataRequired("Write a label."),
            Length(max=LONGEST_LABEL, message=f"Keep the label under {LONGEST_LABEL} characters."),
        ],
    )
    reason = LongTextField(
        "Why?",
        description="Everyone who reads the report reads this reason.",
        validators=[
            DataRequired("Write why: whoever reads the report should be able to follow."),
            Length(max=MAX_REASON, message=f"Keep the reason under {MAX_REASON:,} characters."),
        ],
        render_kw={"rows": 3},
    )
