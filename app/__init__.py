"""Ninefold: ask executives what the strategy is, and measure how far their answers diverge."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings
    from app.db import Database


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """Wire the features together, and nothing else. The web never imports torch; the worker does."""
    # Imported here, so that `import app.analysis` brings neither the web nor the database along.
    from flask import Flask

    from app import access, logs, web
    from app.comparing import views as comparing
    from app.config import packaged
    from app.db import Database
    from app.deliveries import views as deliveries
    from app.directory import views as directory
    from app.evidence import views as evidence
    from app.exports import reader_views as exports
    from app.languages.views import init_languages
    from app.observing import views as observing
    from app.offsite import said
    from app.offsite import views as offsite
    from app.people import views as people
    from app.places import views as places
    from app.reports import meetings
    from app.reports import views as reports
    from app.running import views as running
    from app.surveys import views as surveys
    from app.surveys.answering import afterwards
    from app.surveys.answering import views as answering
    from app.surveys.design import views as design
    from app.theses import views as theses
    from app.tracking import views as tracking

    app = Flask(__name__, template_folder=str(packaged("templates")), static_folder="static")
    app.extensions["ninefold_settings"] = settings
    app.extensions["ninefold_database"] = database or Database(settings.database_url)
    logs.init_logs(app)
    web.init_web(app, settings)
    init_languages(app, shows_pseudo_languages=settings.is_development)
    access.init_access(app)
    for feature in (
        people,
        directory,
        surveys,
        design,
        answering,
        deliveries,
        evidence,
        reports,
        exports,
        places,
        theses,
        offsite,
        tracking,
        comparing,
        observing,
        running,
    ):
        app.register_blueprint(feature.blueprint)
    afterwards.offer(app, evidence.offer_echo_check)
    afterwards.offer(app, places.offer_own_place)
    meetings.offer(app, said.find_meetings)
    if settings.is_development:
        from app import styleguide

        app.register_blueprint(styleguide.blueprint)
    return app
