"""The command `ninefold`."""

from __future__ import annotations

import errno
import sqlite3
import sys
from pathlib import Path
from typing import BinaryIO

import click
from sqlalchemy.exc import OperationalError

from app.config import SettingRefused, Settings
from app.db import Database, utc_now
from app.operating import OperationRefused, back_up
from app.operating import restore as restore_backup
from app.spreadsheets.commands import commands as spreadsheet_commands


def _settings() -> Settings:
    from app.logs import configure_logs

    configure_logs()
    return Settings.from_environment()


def _current_database(settings: Settings) -> Database:
    """The database at the newest schema. The embedded one is brought there; PostgreSQL waits for its operator."""
    from app.migrating import is_current, upgrade

    database = Database(settings.database_url)
    if not is_current(database):
        if not database.is_sqlite:
            raise click.ClickException("The database has an older schema. Run `ninefold db upgrade` first.")
        upgrade(database)
    return database


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ninefold", message="Ninefold %(version)s")
def ninefold() -> None:
    """Ask executives what the strategy is, and measure how far their answers diverge."""


for _command in spreadsheet_commands:
    ninefold.add_command(_command)


@ninefold.command()
@click.option("--demo", is_flag=True, help="Load the demo company when the database is empty.")
@click.option("--no-worker", is_flag=True, help="Only the web server; run `ninefold worker` elsewhere.")
def serve(demo: bool, no_worker: bool) -> None:
    """Start the web server and, beside it, the worker."""
    from app import serving

    settings = _settings()
    serving.check_port(settings)
    database = _current_database(settings)
    click.echo()
    if demo:
        from app.demo import services as demo_services
        from app.demo.welcome import welcome

        if settings.is_https:
            raise click.ClickException("--demo has a public password: it is only for your own machine.")
        demo_services.load_when_empty(database, settings)
        click.echo(welcome(database, settings))
    click.echo(f"  Ninefold is at  {settings.base_url}")
    click.echo("  Ctrl+C stops it; everything is kept.\n")
    serving.serve(settings, database, is_worker_wanted=not no_worker)


@ninefold.command()
@click.option("--supervised", is_flag=True, hidden=True)
def worker(supervised: bool) -> None:
    """Run background jobs until interrupted."""
    import signal

    from app.worker import Worker, stop_when_parent_ends

    settings = _settings()
    runner = Worker(settings, _current_database(settings))
    for name in (signal.SIGTERM, signal.SIGINT):
        # A supervised child shares the terminal's Ctrl+C; the server tells it when to stop.
        signal.signal(name, signal.SIG_IGN if supervised else lambda *_: runner.stopping.set())
    if supervised:
        stop_when_parent_ends(runner)
    runner.run()


@ninefold.command()
def demo() -> None:
    """Load the demo company into an empty database and print how to get in."""
    from app.demo import services as demo_services
    from app.demo.welcome import welcome

    settings = _settings()
    if settings.is_https:
        raise click.ClickException("The demo has a public password: it is only for your own machine.")
    database = _current_database(settings)
    if not demo_services.load_when_empty(database, settings):
        click.echo("The database has data already; nothing was added.")
    click.echo(welcome(database, settings))


@ninefold.group()
def db() -> None:
    """Look after the database."""


@db.command(name="upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema."""
    from app.migrating import is_current, upgrade

    database = Database(_settings().database_url)
    if is_current(database):
        click.echo("The database is at the newest schema already.")
        return
    upgrade(database)
    click.echo("The database is at the newest schema now.")


@db.command(name="revise", hidden=True)
@click.argument("message")
def db_revise(message: str) -> None:
    """For developers (`make migrate`): write a migration from what the models say."""
    from tempfile import TemporaryDirectory

    from app.migrating import revise

    with TemporaryDirectory() as folder:
        click.echo(
            f"Wrote {revise(Database(f'sqlite:///{folder}/scratch.db'), message)}. Read it before you use it."
        )


@ninefold.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything to FILE, while the server may run."""
    back_up(Database(_settings().database_url), file)
    click.echo(
        f"Everything is in {file} ({file.stat().st_size / 1024:.0f} KiB). Keep it as safe as the answers."
    )


@ninefold.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, yes: bool) -> None:
    """Put the backup FILE in the place of the present data."""
    settings = _settings()
    database = Database(settings.database_url)
    if not yes:
        click.confirm("This replaces all present data. Go on?", abort=True)
    kept = restore_backup(database, file, now=utc_now())
    _current_database(settings)
    click.echo(f"Restored {file}." + (f" The data from before is in {kept}." if kept else ""))


@ninefold.command()
@click.argument("message", type=click.File("rb"), default="-")
def bounce(message: BinaryIO) -> None:
    """Read a delivery status message (a mail that came back) and note it: `ninefold bounce < message.eml`.

    A mail server can hand such mails over by itself. A message that is something else is no error.
    """
    from app.deliveries.bounces import MOST_BYTES, NoBounce, find_returned, read_bounce, record_bounce

    try:
        returned = read_bounce(message.read(MOST_BYTES))
    except NoBounce as problem:
        click.echo(f"Nothing noted. {problem}")
        return
    database = _current_database(_settings())
    with database.writing() as session:
        delivery = find_returned(session, returned=returned)
        if delivery is None:
            click.echo("Nothing noted. The mail is not one of a round here, or its round was deleted.")
        elif record_bounce(session, delivery=delivery, reason=returned.reason, now=utc_now()):
            click.echo(f"Noted on the mail page of the round: {returned.reason}")
        else:
            click.echo(
                "Nothing noted. This mail is not waiting to be heard of: it was noted or sent again before."
            )


@ninefold.group()
def account() -> None:
    """Look after the accounts of facilitators."""


@account.command(name="add")
@click.option("--organisation", prompt="Organisation", help="Its name; made if it does not exist.")
@click.option("--name", prompt="Your name")
@click.option("--email", prompt="Mail address")
@click.password_option(help="15 to 128 characters.")
def account_add(organisation: str, name: str, email: str, password: str) -> None:
    """Add a facilitator."""
    from app.people import services

    database = _current_database(_settings())
    try:
        with database.writing() as session:
            owner = services.find_or_create_organisation(session, name=organisation)
            services.add_account(session, organisation=owner, name=name, email=email, password=password)
    except (services.EmailTaken, services.AccountRefused) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"{name} can sign in as {email.strip().lower()}.")


def main() -> None:
    """Run the command; an expected trouble is one sentence, not a trace."""
    try:
        ninefold()
    except (SettingRefused, OperationRefused) as problem:
        sys.exit(f"Error: {problem}")
    except OperationalError as problem:
        sys.exit(f"Error: {_database_problem(problem)}")
    except OSError as problem:
        if problem.errno == errno.ENOSPC:
            sys.exit(
                f"Error: the disk is full ({problem.filename or 'no file named'}). Make room and start again."
            )
        raise


def _database_problem(problem: OperationalError) -> str:
    if isinstance(problem.orig, sqlite3.Error):
        reason = str(problem.orig)
        if "full" in reason:
            return "the disk is full, so the database cannot be written. Make room and start again; nothing is lost."
        return f"the database cannot be used: {reason}. Check NINEFOLD_DATA and its permissions."
    return "the PostgreSQL server does not answer as NINEFOLD_DATABASE_URL says. Is it running, and the address right?"


if __name__ == "__main__":
    main()
