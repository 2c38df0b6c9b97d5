"""The kinds whose settings are a list of parts: each part is a row of fields, and an empty row is left out."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import Optional

from app.fields import LineField, LongTextField
from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.surveys.design.question_forms import QuestionForm, up_to, with_keys
from app.surveys.design.services import shown as shortened
from app.surveys.kinds import MAX_DESCRIPTION, MAX_DIMENSIONS, MAX_ELEMENTS, MAX_HINT, MAX_LABEL, STAGES


class RowsForm(QuestionForm):
    """Settings that are a list of rows: each row has fields of its own, and an empty row is left out."""

    most: int
    spare: int

    def rows(self) -> range:
        """The rows to show: those with something in them, and some more to write in."""
        filled = [n for n in range(self.most) if self.is_filled(n)]
        return range(min(max(filled, default=-1) + 1 + self.spare, self.most))

    def is_filled(self, row: int) -> bool:
        raise NotImplementedError


def _element_fields() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for n in range(MAX_ELEMENTS):
        fields[f"label_{n}"] = LineField(_l("Part %(n)s", n=n + 1), validators=[Optional(), up_to(MAX_LABEL)])
        fields[f"hint_{n}"] = LineField(
            _l("Hint for part %(n)s", n=n + 1), validators=[Optional(), up_to(MAX_HINT)]
        )
    return fields


class _Elements(RowsForm):
    most = MAX_ELEMENTS
    spare = 2

    def show_settings(self, settings: dict[str, Any]) -> None:
        for n, element in enumerate(settings["elements"][: self.most]):
            self[f"label_{n}"].data, self[f"hint_{n}"].data = element["label"], element["hint"]

    def is_filled(self, row: int) -> bool:
        return bool(self[f"label_{row}"].data or self[f"hint_{row}"].data)

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        filled = [n for n in range(self.most) if self.is_filled(n)]
        if not filled:
            return _say(self, "label_0", _("Name at least one part."))
        for n in filled:
            if not self[f"label_{n}"].data:
                is_valid = _say(self, f"label_{n}", _("Name part %(n)s, or empty its hint.", n=n + 1))
        labels = [self[f"label_{n}"].data.casefold() for n in filled if self[f"label_{n}"].data]
        for n in filled:
            label = self[f"label_{n}"].data or ""
            if label and labels.index(label.casefold()) < [
                m for m in filled if self[f"label_{m}"].data
            ].index(n):
                is_valid = _say(self, f"label_{n}", _("“%(words)s” is there twice.", words=shortened(label)))
        return is_valid

    @property
    def settings(self) -> dict[str, Any]:
        rows = {
            n: {"label": self[f"label_{n}"].data, "hint": self[f"hint_{n}"].data or ""}
            for n in range(self.most)
            if self[f"label_{n}"].data
        }
        return {"elements": with_keys(list(rows.values()), self.known, places=list(rows))}


ElementsForm: type[RowsForm] = type("ElementsForm", (_Elements,), _element_fields())


def _stage_fields() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for n in range(MAX_DIMENSIONS):
        fields[f"label_{n}"] = LineField(_l("What is judged"), validators=[Optional(), up_to(MAX_LABEL)])
        for stage in range(1, STAGES + 1):
            fields[f"name_{n}_{stage}"] = LineField(
                _l("Stage %(n)s: its name", n=stage), validators=[Optional(), up_to(MAX_LABEL)]
            )
            fields[f"description_{n}_{stage}"] = LongTextField(
                _l("Stage %(n)s: what it looks like", n=stage),
                validators=[Optional(), up_to(MAX_DESCRIPTION)],
                render_kw={"rows": 2},
            )
    return fields


class _Stages(RowsForm):
    most = MAX_DIMENSIONS
    spare = 1

    def show_settings(self, settings: dict[str, Any]) -> None:
        for n, dimension in enumerate(settings["dimensions"][: self.most]):
            self[f"label_{n}"].data = dimension["label"]
            for number, stage in enumerate(dimension["stages"], start=1):
                self[f"name_{n}_{number}"].data = stage["name"]
                self[f"description_{n}_{number}"].data = stage["description"]

    def _row(self, n: int) -> list[Any]:
        return [
            self[f"{name}_{n}_{stage}"] for stage in range(1, STAGES + 1) for name in ("name", "description")
        ]

    def is_filled(self, row: int) -> bool:
        return bool(self[f"label_{row}"].data or any(field.data for field in self._row(row)))

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        filled = [n for n in range(self.most) if self.is_filled(n)]
        if not filled:
            return _say(self, "label_0", _("Name at least one thing to judge, and its three stages."))
        for n in filled:
            if not self[f"label_{n}"].data:
                is_valid = _say(self, f"label_{n}", _("Name what is judged here, or empty its stages."))
            for stage in range(1, STAGES + 1):
                if not self[f"name_{n}_{stage}"].data:
                    is_valid = _say(self, f"name_{n}_{stage}", _("Name stage %(n)s.", n=stage))
        return is_valid

    @property
    def settings(self) -> dict[str, Any]:
        rows = {
            n: {
                "label": self[f"label_{n}"].data,
                "stages": [
                    {
                        "name": self[f"name_{n}_{stage}"].data or "",
                        "description": self[f"description_{n}_{stage}"].data or "",
                    }
                    for stage in range(1, STAGES + 1)
                ],
            }
            for n in range(self.most)
            if self[f"label_{n}"].data
        }
        return {"dimensions": with_keys(list(rows.values()), self.known, places=list(rows))}


StageChoiceForm: type[RowsForm] = type("StageChoiceForm", (_Stages,), _stage_fields())


def _say(form: FlaskForm, name: str, words: str) -> bool:
    """Put a problem to a field; False, as a validation that failed."""
    form[name].errors = [*form[name].errors, words]
    return False
