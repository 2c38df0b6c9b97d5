"""Teaches a Jinja environment to speak: `{{ _("...") }}`, `{% trans %}`, and `ngettext` in expressions."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.languages import catalogue, gettext, language, pgettext


def install(environment: Environment) -> None:
    environment.add_extension("jinja2.ext.i18n")
    # A sentence that is broken over lines in a template is one line in the catalogue.
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: gettext(message),
        # Jinja puts the values in, so that it can escape them.
        lambda one, many, n: catalogue(language()).ngettext(one, many, n),
        newstyle=True,
        pgettext=lambda context, message: pgettext(context, message),
    )
    environment.globals["ngettext"] = _ngettext


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, number: int, /, **values: Any) -> str:
    """Jinja's own, with the number under the name that it has in the code too: %(n)s."""
    said = catalogue(language()).ngettext(one, many, number)
    form = Markup(said) if context.autoescape else said  # noqa: S704 - of our own catalogue
    return form % {"n": number, "num": number, **values}
