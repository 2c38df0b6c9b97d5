from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.fields import LineField, LongTextField
from app.languages import lazy_gettext as _l
from app.reports.edits import LONGEST_LABEL
from app.reports.reading_order import Part
from app.surveys.wording import lazy_number

MAX_REASON = 1_000


class RevealForm(FlaskForm):
    """Which of the hidden sections the team is to see; all are ticked to begin with."""

    sections = SelectMultipleField(
        _l("Which sections?"),
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
        validators=[InputRequired(_l("Tick at least one section."))],
    )

    def offer(self, hidden: list[Part]) -> None:
        self.sections.choices = [
            SelectChoice(part.section.value, f"{part.number}. {part.title}") for part in hidden
        ]
        if not self.is_submitted():
            self.sections.data = [part.section.value for part in hidden]


class LabelForm(FlaskForm):
    label = LineField(
        _l("Label"),
        validators=[
            DataRequired(_l("Write a label.")),
            Length(max=LONGEST_LABEL, message=_l("Keep the label under %(n)s characters.", n=LONGEST_LABEL)),
        ],
    )
    reason = LongTextField(
        _l("Why?"),
        description=_l("Everyone who reads the report reads this reason."),
        validators=[
            DataRequired(_l("Write why: whoever reads the report should be able to follow.")),
            Length(
                max=MAX_REASON,
                message=_l("Keep the reason under %(n)s characters.", n=lazy_number(MAX_REASON)),
            ),
        ],
        render_kw={"rows": 3},
    )
