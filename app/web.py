"""What every request has: one session that commits at its edge, safe headers, errors that keep the text."""

from __future__ import annotations

import hashlib
from functools import cache
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, current_app, g, render_template, request, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException, NotFound, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from app.config import Settings
from app.db import Database

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_REQUEST_BYTES = 262_144

csrf = CSRFProtect()
# In memory, so per process: right for the one-process server; several machines put a limit on their proxy too.
limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)


class RowNumber(IntegerConverter):
    """A number in an address, as far as a database counts: a larger one is no address, and not an error of ours."""

    regex = r"\d{1,10}"

    def __init__(self, map_: Map) -> None:
        super().__init__(map_, max=2**31 - 1)


class NotHere(Exception):
    """A row that does not exist, or that this person may not know of: the same answer to both."""


def database() -> Database:
    found = current_app.extensions["ninefold_database"]
    assert isinstance(found, Database)
    return found


def settings() -> Settings:
    found = current_app.extensions["ninefold_settings"]
    assert isinstance(found, Settings)
    return found


def session() -> Session:
    """This request's session. A GET gets one that cannot write."""
    if "session" not in g:
        g.session = database().open_session(is_reading=request.method in SAFE_METHODS)
    found = g.session
    assert isinstance(found, Session)
    return found


def init_web(app: Flask, config: Settings) -> None:
    app.config.update(
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=list(config.secret_key_fallbacks),
        SESSION_COOKIE_NAME="__Host-sid" if config.is_https else "sid",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        # A CSRF token lives as long as its session: people write for an hour, and lose nothing.
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        MAX_FORM_PARTS=1_000,
        TRUSTED_HOSTS=config.trusted_hosts,
        TEMPLATES_AUTO_RELOAD=config.is_development,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
    )
    app.url_map.strict_slashes = False
    app.url_map.converters["int"] = RowNumber
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_commit_or_roll_back)
    app.after_request(_add_headers)
    app.teardown_request(_close_session)
    app.register_error_handler(NotHere, lambda _error: _error_page(NotFound()))
    app.register_error_handler(CSRFError, _csrf_page)
    app.register_error_handler(SecurityError, _host_refused)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(OperationalError, _database_page)
    app.register_error_handler(IntegrityError, _conflict_page)
    app.register_error_handler(Exception, _unexpected_page)
    app.jinja_env.globals["static_url"] = _static_url
    app.add_url_rule("/healthz", "healthz", _healthz)
    app.add_url_rule("/readyz", "readyz", _readyz)


def _commit_or_roll_back(response: Response) -> Response:
    opened: Session | None = g.get("session")
    if opened is not None:
        # The answer goes out after the commit: "saved" is only ever said of what is on the disk.
        if response.status_code < HTTPStatus.BAD_REQUEST and request.method not in SAFE_METHODS:
            opened.commit()
        else:
            opened.rollback()
    return response


def _close_session(_error: BaseException | None) -> None:
    opened: Session | None = g.pop("session", None)
    if opened is not None:
        opened.close()


HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    ),
    # Not no-referrer: Flask-WTF checks the referrer of every form sent over HTTPS.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "X-Robots-Tag": "noindex, noarchive",
}


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    if settings().is_https:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if request.endpoint == "static" and request.args.get("v"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def _static_url(name: str) -> str:
    """The address of a static file with the hash of its content, so that browsers may keep it for ever."""
    folder = current_app.static_folder
    assert folder is not None
    path = Path(folder) / name
    return url_for("static", filename=name, v=_content_hash(path, path.stat().st_mtime_ns))


@cache
def _content_hash(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _host_refused(_error: SecurityError) -> Response:
    """Asked for under a name that is not ours. No page: it could not even link to its own style sheet."""
    return Response("This address is not served here.\n", HTTPStatus.BAD_REQUEST, mimetype="text/plain")


def _error_page(error: HTTPException) -> tuple[str, int]:
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    return render_template("errors/error.html", code=int(code)), int(code)


def _csrf_page(_error: CSRFError) -> tuple[str, int]:
    """The form could not be trusted; what was typed is shown, so that none of it is lost."""
    kept = [
        value
        for name, values in request.form.lists()
        if name not in {"csrf_token", "password", "current_password", "new_password"}
        for value in values
        if value.strip()
    ]
    return render_template("errors/form_expired.html", kept=kept), HTTPStatus.BAD_REQUEST


def _database_page(error: OperationalError) -> tuple[str, int]:
    current_app.logger.error("database unavailable: %s", type(error.orig).__name__)
    return _database_page_words()


def _database_page_words() -> tuple[str, int]:
    kept = [] if "password" in request.form else [value for value in request.form.values() if len(value) > 60]
    return render_template("errors/unavailable.html", kept=kept), HTTPStatus.SERVICE_UNAVAILABLE


def _conflict_page(error: IntegrityError) -> tuple[str, int]:
    """Two wrote the same at the same moment, and the schema took the first. Said as "try again", for then it is seen."""
    current_app.logger.error("refused by the schema: %s on %s", type(error.orig).__name__, request.endpoint)
    page, _code = _database_page_words()
    return page, HTTPStatus.CONFLICT


def _unexpected_page(error: Exception) -> tuple[str, int]:
    # The type and the place, never the message: it may quote what somebody typed.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown"
    current_app.logger.error("unexpected %s at %s on %s", type(error).__name__, place, request.endpoint)
    if current_app.testing or current_app.debug:
        raise error
    return render_template("errors/error.html", code=500), HTTPStatus.INTERNAL_SERVER_ERROR


def _healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


def _readyz() -> Response:
    session().execute(text("SELECT 1"))
    return Response("ready\n", mimetype="text/plain")
