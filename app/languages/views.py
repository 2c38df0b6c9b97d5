"""Which language a request speaks: the one chosen before in this browser, else the best that the browser asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, g, redirect, request

from app.languages import (
    LANGUAGES,
    SOURCE,
    direction,
    language,
    speak,
)
from app.languages.pseudo import PSEUDO_LANGUAGES
from app.languages.templates import install

COOKIE = "language"
_YEAR_SECONDS = 365 * 24 * 3600

blueprint = Blueprint("languages", __name__)


def init_languages(app: Flask, *, shows_pseudo_languages: bool) -> None:
    app.extensions["ninefold_languages"] = {
        **LANGUAGES,
        **(PSEUDO_LANGUAGES if shows_pseudo_languages else {}),
    }
    install(app.jinja_env)
    app.jinja_env.globals["words_of_errors"] = words_of_errors
    app.before_request(_choose)
    # The next one on this thread begins in English until its own has been chosen.
    app.teardown_request(lambda _error: speak(SOURCE))
    app.context_processor(_facts)
    app.register_blueprint(blueprint)


def words_of_errors(errors: Iterable[Any]) -> list[str]:
    """The sentences among the errors of a form's field, said now; a field that is a list has lists among its own."""
    return [
        error if isinstance(error, str) else str(error)
        for error in errors
        if not isinstance(error, (list, tuple, dict))
    ]


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
    response = redirect(_path_of_this_site(request.form.get("back", "")), HTTPStatus.SEE_OTHER)
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


def _path_of_this_site(back: str) -> str:
    """The path in it, or "/". `//elsewhere` and `https://elsewhere` have a host, and so has what is left of
    `////elsewhere` once it is taken apart; `//[` cannot be taken apart at all."""
    try:
        found = urlsplit(back)
    except ValueError:
        return "/"
    is_here = found.path.startswith("/") and not found.netloc and not found.scheme
    is_path = is_here and not found.path.startswith(("//", "/\\")) and "\\" not in found.path
    return found.path if is_path and found.path.isprintable() else "/"
