"""The whole way of a mail: asked for, sent by the worker to a real server, and what becomes of the links."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database, utc_now
from app.deliveries import sending, services, tasks
from app.deliveries.models import MAX_TRIES, Delivery, DeliveryState
from app.jobs.handling import JobContext
from app.jobs.models import Job
from app.people.models import Account
from app.surveys.links import new_key
from app.surveys.models import Confidentiality, Invitation, ParticipantState, Round, RoundState
from app.surveys.services import make_links
from app.worker import Worker
from tests import factories
from tests.deliveries.conftest import Look, body_of, link_in, mail_server
from tests.deliveries.servers import Post, free_port, silent_port
from tests.pages import Browser


def ask(database: Database, round_: Round, account: Account, n: int = 3) -> None:
    with database.writing() as session:
        services.queue_invitations(
            session,
            round_=session.get_one(Round, round_.id),
            account_id=account.id,
            n_expected=n,
            now=utc_now(),
        )


def columns_of(delivery: Delivery) -> dict[str, object]:
    return {column.name: getattr(delivery, column.name) for column in Delivery.__table__.columns}


def run_every_try(worker: Worker) -> None:
    """Run the worker as often as the waits between the tries ask for."""
    with time_machine.travel(utc_now(), tick=True) as clock:
        for _ in range(MAX_TRIES + 1):
            worker.run_until_idle()
            clock.shift(max(services.WAITS) + timedelta(minutes=1))


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The timeout itself is the server's business; a test must not take ten seconds for each."""
    monkeypatch.setattr(sending, "TIMEOUT_SECONDS", 0.5)


def test_each_person_gets_one_mail_with_a_link_that_works(
    worker: Worker,
    database: Database,
    round_: Round,
    facilitator: Account,
    post: Post,
    deliveries: Look,
    browser: Browser,
) -> None:
    ask(database, round_, facilitator)

    worker.run_until_idle()

    assert sorted(post.recipients) == ["anna@halden.example", "ben@halden.example", "carla@halden.example"]
    assert {delivery.state for delivery in deliveries()} == {DeliveryState.SENT}
    assert len({link_in(mail) for mail in post.mails}) == 3
    for mail in post.mails:
        assert mail["To"].addresses[0].display_name in browser.get(link_in(mail)).main


def test_the_mail_server_has_the_mail_before_the_former_link_ends(
    worker: Worker,
    database: Database,
    session: Session,
    round_: Round,
    facilitator: Account,
    post: Post,
    browser: Browser,
) -> None:
    former = factories.personal_link(session, round_.participants[0])
    session.commit()
    ask(database, round_, facilitator)

    seen: list[int] = []

    def look(_content: bytes) -> None:
        seen.append(browser.client.get(f"/r/{former}").status_code)

    post.at_data = look  # type: ignore[assignment]
    worker.run_until_idle()

    # Anna's mail is the first one.
    assert seen == [200, 404, 404]
    browser.get(f"/r/{former}", status=404)
    assert len(post.mails) == 3


def test_a_mail_that_is_refused_leaves_the_former_link_as_it_was(
    worker: Worker,
    database: Database,
    session: Session,
    round_: Round,
    facilitator: Account,
    post: Post,
    browser: Browser,
    deliveries: Look,
) -> None:
    former = factories.personal_link(session, round_.participants[0])
    session.commit()
    post.at_rcpt = lambda address: "550 no such user" if address.startswith("anna") else None
    ask(database, round_, facilitator)

    worker.run_until_idle()

    browser.get(f"/r/{former}", status=200)
    by_name = {delivery.participant.name: delivery for delivery in deliveries()}
    assert by_name["Anna Berg"].state == DeliveryState.FAILED
    assert by_name["Anna Berg"].reason == "The mail server does not take mail for this address (code 550)."
    assert by_name["Ben Okafor"].state == DeliveryState.SENT
    live = session.scalars(
        select(Invitation).where(
            Invitation.participant_id == round_.participants[0].id, Invitation.revoked_at.is_(None)
        )
    ).all()
    assert len(live) == 1


def test_whoever_is_writing_goes_on_when_a_newer_link_arrives(
    worker: Worker,
    app: Flask,
    database: Database,
    session: Session,
    round_: Round,
    facilitator: Account,
) -> None:
    anna = Browser(app)
    former = factories.personal_link(session, round_.participants[0])
    session.commit()
    anna.get(f"/r/{former}")
    anna.post(f"/r/{former}")
    question = f"/answer/{round_.id}/1"
    anna.get(question)
    ask(database, round_, facilitator)

    worker.run_until_idle()

    page = anna.get(question)
    assert "strategy" in page.main


def test_nothing_is_left_from_which_a_sent_link_could_be_made_again(
    worker: Worker, database: Database, round_: Round, facilitator: Account, post: Post, deliveries: Look
) -> None:
    ask(database, round_, facilitator)

    worker.run_until_idle()

    assert {delivery.link_seed for delivery in deliveries()} == {None}
    tokens = [link_in(mail).removeprefix("/r/") for mail in post.mails]
    with database.reading() as session:
        jobs = str([(job.key, job.payload, job.error) for job in session.scalars(select(Job))])
        rows = str(session.execute(select(Invitation.token_hash)).all())
    assert not any(token in jobs + rows for token in tokens)
    assert not any(mail in jobs for mail in ("halden.example", "strategy", "Anna"))


def test_the_same_job_twice_sends_one_mail(
    mailing: Settings, database: Database, round_: Round, facilitator: Account, post: Post, deliveries: Look
) -> None:
    ask(database, round_, facilitator)
    context = JobContext(
        database=database,
        settings=mailing,
        payload={"delivery_id": deliveries()[0].id},
        tell_progress=lambda _percent, _note: None,
    )

    tasks.deliver(context)
    tasks.deliver(context)

    assert len(post.mails) == 1


def test_a_worker_killed_after_the_server_took_the_mail_sends_the_same_mail_again(
    worker: Worker,
    mailing: Settings,
    database: Database,
    round_: Round,
    facilitator: Account,
    post: Post,
    deliveries: Look,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(database, round_, facilitator)
    context = JobContext(
        database=database,
        settings=mailing,
        payload={"delivery_id": deliveries()[0].id},
        tell_progress=lambda _percent, _note: None,
    )
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):

        def die(*_arguments: object, **_named: object) -> None:
            raise KeyboardInterrupt

        patched.setattr(services, "record_accepted", die)
        tasks.deliver(context)
    assert deliveries()[0].state == DeliveryState.SENDING

    worker.run_until_idle()

    first, second = [mail for mail in post.mails if mail["To"].addresses[0].display_name == "Anna Berg"]
    assert first["Message-ID"] == second["Message-ID"]
    assert link_in(first) == link_in(second)
    browser.get(link_in(first), status=200)
    assert deliveries()[0].state == DeliveryState.SENT


@pytest.mark.parametrize("drops", [1, 3])
def test_a_server_that_drops_after_the_data_gets_the_same_mail_and_loses_none(
    worker: Worker,
    database: Database,
    round_: Round,
    facilitator: Account,
    post: Post,
    deliveries: Look,
    browser: Browser,
    drops: int,
) -> None:
    post.drops_after_data = drops
    ask(database, round_, facilitator)

    run_every_try(worker)

    assert {delivery.state for delivery in deliveries()} == {DeliveryState.SENT}
    assert len(post.mails) == 3 + drops
    assert len({mail["Message-ID"] for mail in post.mails}) == 3
    assert len({link_in(mail) for mail in post.mails}) == 3
    for mail in post.mails:
        browser.get(link_in(mail), status=200)


def test_a_busy_server_is_tried_again_later(
    worker: Worker, database: Database, round_: Round, facilitator: Account, post: Post, deliveries: Look
) -> None:
    answers = iter(["451 come back later"] * 3)
    post.at_rcpt = lambda _address: next(answers, None)
    ask(database, round_, facilitator)
    worker.run_until_idle()
    assert {delivery.state for delivery in deliveries()} == {DeliveryState.QUEUED}
    assert "for now (code 451)" in deliveries()[0].reason
    assert post.mails == []

    run_every_try(worker)

    assert {delivery.state for delivery in deliveries()} == {DeliveryState.SENT}
    assert len(post.mails) == 3


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("refuses", "cannot be reached"),
        ("is silent", "did not answer"),
        ("stalls", "did not say"),
        ("451", "for now (code 451)"),
        ("554", "The mail server refused the mail (code 554)."),
    ],
)
def test_a_server_in_trouble_fails_every_mail_with_a_plain_reason(
    mailing: Settings,
    database: Database,
    round_: Round,
    facilitator: Account,
    post: Post,
    deliveries: Look,
    trouble: str,
    reason: str,
) -> None:
    ask(database, round_, facilitator)
    post.stalls = trouble == "stalls"
    if trouble.isdigit():
        post.at_data = lambda _content: f"{trouble} canary"
    with silent_port() as silent:
        ports = {"refuses": free_port(), "is silent": silent}
        assert mailing.mail_server is not None
        port = ports.get(trouble, mailing.mail_server.port)
        run_every_try(Worker(replace(mailing, mail_server=mail_server(port)), database))

    assert {delivery.state for delivery in deliveries()} == {DeliveryState.FAILED}
    assert all(reason in delivery.reason for delivery in deliveries())
    assert not any("canary" in delivery.reason for delivery in deliveries())
    assert post.mails == []


def test_a_failed_mail_is_tried_again_at_the_corrected_address(
    worker: Worker,
    mara: Browser,
    database: Database,
    session: Session,
    round_: Round,
    facilitator: Account,
    post: Post,
    deliveries: Look,
) -> None:
    post.at_rcpt = lambda address: "550 no such user" if address == "anna@halden.example" else None
    ask(database, round_, facilitator)
    worker.run_until_idle()
    anna = round_.participants[0]
    anna.email = "anna.berg@halden.example"
    session.commit()
    mara.get(f"/rounds/{round_.id}/mail")

    mara.post(f"/rounds/{round_.id}/mail/retry", status=302)
    worker.run_until_idle()

    assert post.recipients.count("anna.berg@halden.example") == 1
    assert len(post.mails) == 3
    assert {delivery.state for delivery in deliveries()} == {DeliveryState.SENT}


def test_whoever_has_answered_meanwhile_gets_no_mail_and_no_trace_is_kept(
    worker: Worker,
    database: Database,
    session: Session,
    round_: Round,
    facilitator: Account,
    post: Post,
    deliveries: Look,
) -> None:
    ask(database, round_, facilitator)
    round_.participants[0].state = ParticipantState.SUBMITTED
    session.commit()

    worker.run_until_idle()

    assert "anna@halden.example" not in post.recipients
    assert "Anna Berg" not in {delivery.participant.name for delivery in deliveries()}


def test_no_mail_goes_out_after_the_close(
    worker: Worker,
    database: Database,
    session: Session,
    round_: Round,
    facilitator: Account,
    post: Post,
    deliveries: Look,
) -> None:
    ask(database, round_, facilitator)
    session.execute(
        update(Round).where(Round.id == round_.id).values(state=RoundState.CLOSED, closed_at=utc_now())
    )
    session.commit()

    worker.run_until_idle()

    assert post.mails == []
    assert {delivery.reason for delivery in deliveries()} == {"The round closed before this mail went out."}


def test_a_link_replaced_by_hand_meanwhile_stays_the_one_that_works(
    worker: Worker,
    database: Database,
    round_: Round,
    facilitator: Account,
    post: Post,
    deliveries: Look,
    browser: Browser,
) -> None:
    ask(database, round_, facilitator)

    def replace_link(_content: bytes) -> None:
        with database.writing() as session:
            mine = session.get_one(Round, round_.id)
            make_links(session, round_=mine, participants=mine.participants, key=new_key(), now=utc_now())

    post.at_data = replace_link  # type: ignore[assignment]
    worker.run_until_idle()

    assert {delivery.state for delivery in deliveries()} == {DeliveryState.FAILED}
    assert "replaced by hand" in deliveries()[0].reason
    browser.get(link_in(post.mails[0]), status=404)


def test_a_mail_whose_job_was_given_up_says_so(
    worker: Worker, database: Database, round_: Round, facilitator: Account, deliveries: Look
) -> None:
    ask(database, round_, facilitator)
    with database.writing() as session:
        session.execute(update(Job).values(state="failed", ended_at=utc_now(), error="gone"))

    worker.run_until_idle()

    assert {delivery.reason for delivery in deliveries()} == {services.STOPPED_WORKING}


@pytest.mark.parametrize("mode", list(Confidentiality))
def test_nothing_is_kept_of_what_happens_to_a_mail(
    worker: Worker,
    database: Database,
    session: Session,
    facilitator: Account,
    post: Post,
    deliveries: Look,
    browser: Browser,
    mode: Confidentiality,
) -> None:
    made = factories.open_round(
        session, organisation_id=facilitator.organisation_id, confidentiality=mode, n_participants=1
    )
    session.commit()
    ask(database, made, facilitator, n=1)
    worker.run_until_idle()
    before = columns_of(deliveries()[0])

    browser.get(link_in(post.mails[0]))
    browser.post(link_in(post.mails[0]))

    after = columns_of(deliveries()[0])
    assert after == before
    assert mode.value in body_of(post.mails[0]).lower()


def test_logs_tell_nothing_of_a_mail(
    worker: Worker,
    database: Database,
    round_: Round,
    facilitator: Account,
    post: Post,
    capsys: pytest.CaptureFixture[str],
) -> None:
    refusals = iter(["550 the canary sings"])
    post.at_data = lambda _content: next(refusals, None)
    ask(database, round_, facilitator)

    worker.run_until_idle()

    logs = "".join(capsys.readouterr())
    assert "deliver" in logs
    tokens = [link_in(mail).removeprefix("/r/") for mail in post.mails]
    for secret in (*tokens, "canary", "halden.example", "Anna", "Ben", "Carla", "strategy"):
        assert secret not in logs
