"""Mails that came back: read from a delivery status message, or marked by hand."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from click.testing import CliRunner

from app.cli import ninefold
from app.config import Settings
from app.db import Database, utc_now
from app.deliveries.bounces import NoBounce, find_returned, read_bounce, record_bounce
from app.deliveries.models import DeliveryState
from app.people.models import Account
from app.surveys.models import Round
from app.worker import Worker
from tests.deliveries.conftest import Look, link_in
from tests.deliveries.servers import Post
from tests.deliveries.test_deliver import ask
from tests.pages import Browser

REPORT = """From: MAILER-DAEMON@mail.example
To: surveys@halden.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <20261122.4711@mail.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain

<ben@halden.example>: the words of the other server, which may quote http://localhost/r/secret

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; ben@halden.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 the words of the other server

--cut
Content-Type: {returned}

Message-ID: <{key}@halden.example>
To: ben@halden.example
Subject: Mara Lind asks you

--cut--
"""


def report(
    key: str, *, action: str = "failed", status: str = "5.1.1", returned: str = "message/rfc822"
) -> bytes:
    text = REPORT.format(key=key, action=action, status=status, returned=returned)
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_returned_mail_is_known_by_its_message_id(returned: str) -> None:
    found = read_bounce(report("ab" * 16, returned=returned))
    assert (found.message_key, found.code) == ("ab" * 16, "5.1.1")
    assert found.reason == "The address does not exist, or is written wrongly. (code 5.1.1)"


@pytest.mark.parametrize(
    ("status", "words"),
    [("5.2.2", "mailbox is full"), ("5.2.1", "takes no mail"), ("5.7.1", "refused"), ("5.0.0", "came back")],
)
def test_the_code_is_said_in_words(status: str, words: str) -> None:
    assert words in read_bounce(report("ab" * 16, status=status)).reason


def test_what_says_nothing_of_a_returned_mail_of_ours_is_refused() -> None:
    plain = EmailMessage()
    plain["Subject"] = "Re: your mail"
    plain.set_content("I am away until Monday.")
    for content in (
        b"",
        b"\x00\xff" * 200,
        plain.as_bytes(),
        report("zz"),
        report("ab" * 16, action="delayed"),
    ):
        with pytest.raises(NoBounce):
            read_bounce(content)


def test_a_mail_that_came_back_stands_on_the_page_and_goes_out_again(
    worker: Worker,
    database: Database,
    round_: Round,
    facilitator: Account,
    post: Post,
    mara: Browser,
    deliveries: Look,
    browser: Browser,
) -> None:
    ask(database, round_, facilitator)
    worker.run_until_idle()
    first = deliveries()[1]
    with database.writing() as session:
        found = find_returned(session, returned=read_bounce(report(first.message_key)))
        assert found is not None
        assert record_bounce(session, delivery=found, reason="No such mailbox.", now=utc_now())
        assert not record_bounce(session, delivery=found, reason="Again.", now=utc_now())
    page = mara.get(f"/rounds/{round_.id}/mail")
    assert "Invitation came back" in page.main
    assert "No such mailbox." in page.main

    mara.post(f"/rounds/{round_.id}/mail/retry", {}, status=302)
    worker.run_until_idle()

    again = deliveries()[1]
    assert (again.state, again.bounced_at, again.reason) == (DeliveryState.SENT, None, "")
    assert len(post.mails) == 4
    assert "Begin" in browser.get(link_in(post.mails[-1])).main


def test_the_facilitator_marks_a_mail_that_came_back_with_the_reason(
    worker: Worker,
    database: Database,
    round_: Round,
    facilitator: Account,
    mara: Browser,
    outsider_browser: Browser,
    deliveries: Look,
) -> None:
    ask(database, round_, facilitator)
    worker.run_until_idle()
    address = f"/rounds/{round_.id}/mail/deliveries/{deliveries()[0].id}/bounced"
    assert address in mara.get(f"/rounds/{round_.id}/mail").links
    assert "Write why it came back" in mara.post(address, {"reason": " "}, status=422).main
    mara.post(address, {"reason": "She has left the company."}, status=302)
    assert deliveries()[0].reason == "She has left the company."
    assert deliveries()[0].bounced_at is not None
    mara.get(address, status=404)
    outsider_browser.get(address, status=404)


def test_the_command_reads_a_message_from_standard_input(
    worker: Worker,
    database: Database,
    round_: Round,
    facilitator: Account,
    deliveries: Look,
    mailing: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(database, round_, facilitator)
    worker.run_until_idle()
    monkeypatch.setattr("app.cli._settings", lambda: mailing)
    monkeypatch.setattr("app.cli._current_database", lambda _settings: database)
    run = CliRunner().invoke
    key = deliveries()[0].message_key

    done = run(ninefold, ["bounce"], input=report(key))
    assert done.exit_code == 0
    assert "Noted on the mail page" in done.output
    assert "halden" not in done.output
    assert deliveries()[0].bounced_at is not None
    assert "Nothing noted" in run(ninefold, ["bounce"], input=report(key)).output
    assert "not one of a round here" in run(ninefold, ["bounce"], input=report("0" * 32)).output
    assert run(ninefold, ["bounce"], input=b"not a mail").exit_code == 0
