"""Which language a request speaks: the one chosen before in this browser, else the best that the browser asks for."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, g, redirect, request

from app.languages import (
    LANGUAGES,
    SOURCE,
    direction,
    gettext,
    language,
    ngettext,
    pgettext,
    speak,
)
from app.languages.pseudo import PSEUDO_LANGUAGES

COOKIE = "language"
_YEAR_SECONDS = 365 * 24 * 3600

blueprint = Blueprint("languages", __name__)


def init_languages(app: Flask, *, shows_pseudo_languages: bool) -> None:
    app.extensions["ninefold_languages"] = {
        **LANGUAGES,
        **(PSEUDO_LANGUAGES if shows_pseudo_languages else {}),
    }
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # A sentence that is broken over lines in a template is one line in the catalogue.
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: gettext(message),
        lambda one, many, n: ngettext(one, many, n),
        newstyle=True,
        pgettext=lambda context, message: pgettext(context, message),
    )
    app.before_request(_choose)
    app.context_processor(_facts)
    app.register_blueprint(blueprint)


def known_languages() -> dict[str, str]:
    found: dict[str, str] = current_app.extensions["ninefold_languages"]
    return found


def narrow(codes: Sequence[str]) -> None:
    """This page exists in these languages only: a round's, the first of them where the browser asks for none."""
    g.languages = [code for code in codes if code in LANGUAGES] or [SOURCE]
    _choose()


def _offered() -> dict[str, str]:
    codes = g.get("languages")
    known = known_languages()
    return known if codes is None else {code: known[code] for code in codes}


def _choose() -> None:
    offered = _offered()
    chosen = request.cookies.get(COOKIE, "")
    if chosen in offered or (chosen in PSEUDO_LANGUAGES and chosen in known_languages()):
        speak(chosen)
        return
    first = next(iter(offered))
    speak(
        request.accept_languages.best_match([code for code in offered if code in LANGUAGES], first) or first
    )


def _facts() -> dict[str, object]:
    return {"language": language(), "direction": direction(), "languages": _offered()}


@blueprint.post("/language")
def choose_language() -> Response:
    """Keeps the choice in this browser, and shows the page that it was made on."""
    back = urlsplit(request.form.get("back", ""))
    # Only a path of this site: `//elsewhere` and `https://elsewhere` have a host.
    target = back.path if back.path.startswith("/") and not back.netloc and not back.scheme else "/"
    response = redirect(target, HTTPStatus.SEE_OTHER)
    assert isinstance(response, Response)
    chosen = request.form.get("language", "")
    if chosen in known_languages():
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=_YEAR_SECONDS,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
    return response
