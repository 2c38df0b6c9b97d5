"""What a connection to the mail server can end in. Real servers on loopback, good and bad ones."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from app.config import Encryption
from app.deliveries import sending
from app.deliveries.sending import reason_words
from app.languages import speaking
from tests.deliveries.conftest import mail_server
from tests.deliveries.servers import (
    PASSWORD,
    USER,
    Post,
    authenticator,
    free_port,
    running,
    server_context,
    silent_port,
)

CONTENT = b"Subject: hello\r\n\r\n.A line that begins with a dot\r\n"
ANNA = "anna@halden.example"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With a certificate that this process trusts."""
    server_context(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    return tmp_path


def refusal(port: int, **changes: object) -> sending.Refused:
    with pytest.raises(sending.Refused) as refused:
        sending.send(mail_server(port, **changes), CONTENT, recipient=ANNA)
    return refused.value


def test_mail_arrives_whole(post: Post, port: int) -> None:
    sending.send(mail_server(port), CONTENT, recipient=ANNA)
    assert post.recipients == [ANNA]
    assert post.mails[0].get_content().strip() == ".A line that begins with a dot"


def test_tls_and_sign_in_with_a_trusted_certificate(folder: Path, post: Post) -> None:
    context = server_context(folder)
    options = {"ssl_context": context, "authenticator": authenticator, "auth_require_tls": False}
    with running(post, **options) as port:
        server = mail_server(port, encryption=Encryption.TLS, user=USER, password=PASSWORD)
        sending.check(server)
        sending.send(server, CONTENT, recipient=ANNA)
    assert post.recipients == [ANNA]
    assert post.is_signed_in


def test_starttls_with_a_trusted_certificate(folder: Path, post: Post) -> None:
    context = server_context(folder)
    with running(post, tls_context=context, require_starttls=True) as port:
        sending.send(mail_server(port, encryption=Encryption.STARTTLS), CONTENT, recipient=ANNA)
    assert post.recipients == [ANNA]


@pytest.mark.parametrize(
    ("encryption", "option"), [(Encryption.TLS, "ssl_context"), (Encryption.STARTTLS, "tls_context")]
)
def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, post: Post, encryption: Encryption, option: str
) -> None:
    with running(post, **{option: server_context(tmp_path)}) as port:
        refused = refusal(port, encryption=encryption)
    assert refused.reason == "The certificate of the mail server is not trusted."
    assert not refused.may_pass
    assert post.mails == []


def test_a_server_without_the_encryption_that_is_set_up_gets_nothing(post: Post, port: int) -> None:
    refused = refusal(port, encryption=Encryption.STARTTLS)
    assert "does not offer the encryption" in refused.reason
    assert post.mails == []


def test_wrong_password_is_named_without_being_told(post: Post) -> None:
    options = {"authenticator": authenticator, "auth_require_tls": False}
    with running(post, **options) as port:
        refused = refusal(port, user=USER, password="canary")
    assert refused.reason == "The mail server refused the user name or the password (code 535)."
    assert "canary" not in str(refused)


def test_nobody_listens() -> None:
    refused = refusal(free_port())
    assert refused.reason == "The mail server cannot be reached."
    assert refused.may_pass


def test_a_server_that_says_nothing_is_left_after_the_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_SECONDS", 0.5)
    with silent_port() as port:
        begun = time.monotonic()
        refused = refusal(port)
    assert "did not answer" in refused.reason
    assert time.monotonic() - begun < 5


def test_the_timeout_is_ten_seconds() -> None:
    assert sending.TIMEOUT_SECONDS == 10


@pytest.mark.parametrize(("code", "may_pass"), [(421, True), (451, True), (550, False), (554, False)])
def test_the_first_digit_says_whether_to_try_again(post: Post, port: int, code: int, may_pass: bool) -> None:
    post.at_rcpt = lambda _address: f"{code} the canary sings"
    refused = refusal(port)
    assert refused.may_pass == may_pass
    assert f"code {code}" in refused.reason
    assert "canary" not in refused.reason


def test_an_answer_that_never_comes_is_no_refusal(post: Post, port: int) -> None:
    post.drops_after_data = 1
    with pytest.raises(sending.Unanswered):
        sending.send(mail_server(port), CONTENT, recipient=ANNA)
    assert len(post.mails) == 1


def test_an_international_address_needs_a_server_that_knows_them(post: Post, port: int) -> None:
    sending.send(mail_server(port), CONTENT, recipient="zoë@halden.example")
    assert post.recipients == ["zoë@halden.example"]


def test_a_reason_that_the_worker_wrote_down_is_read_in_ones_own_language() -> None:
    with speaking("de"):
        assert reason_words("The mail server refused the mail for now (code 451).") == (
            "Der Mailserver hat die Mail abgelehnt, vorerst (Code 451)."
        )
        assert reason_words("The mail server refused the mail (code 550).") == (
            "Der Mailserver hat die Mail abgelehnt (Code 550)."
        )
        assert "innerhalb von 10 Sekunden" in reason_words(
            "The mail server did not answer within 10 seconds."
        )
        assert reason_words("The mail server cannot be reached.") == "Der Mailserver ist nicht erreichbar."
        assert reason_words("Somebody wrote this by hand.") == "Somebody wrote this by hand."
        assert reason_words("") == ""
