from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.config import SETTINGS, Encryption, SettingRefused, Settings


def read(tmp_path: Path, **given: str) -> Settings:
    return Settings.from_environment({"NINEFOLD_DATA": str(tmp_path / "var"), **given})


def test_without_any_setting_it_runs_on_this_machine_alone(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{tmp_path / 'var' / 'ninefold.db'}"
    assert not settings.is_https


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key
    assert read(tmp_path).secret_key == first
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NINEFOLD_PORT", "eighty"),
        ("NINEFOLD_PORT", "0"),
        ("NINEFOLD_PORT", "70000"),
        ("NINEFOLD_THREADS", "0"),
        ("NINEFOLD_WORKER_THREADS", "99"),
        ("NINEFOLD_PROXY_HOPS", "-1"),
        ("NINEFOLD_DEVELOPMENT", "yes"),
        ("NINEFOLD_SECRET_KEY", "short"),
        ("NINEFOLD_SECRET_KEY", "a" * 64),
        ("NINEFOLD_SECRET_KEY_FALLBACKS", "short"),
        ("NINEFOLD_BASE_URL", "http://ninefold.example.com"),
        ("NINEFOLD_BASE_URL", "ninefold.example.com"),
        ("NINEFOLD_BASE_URL", "https://ninefold.example.com/path"),
        ("NINEFOLD_DATABASE_URL", "mysql://localhost/ninefold"),
        ("NINEFOLD_MODEL", "/no/such/folder"),
        ("NINEFOLD_HOST", "0.0.0.0"),
        ("NINEFOLD_SMTP_URL", "mail.example.com"),
        ("NINEFOLD_SMTP_URL", "https://mail.example.com"),
        ("NINEFOLD_SMTP_URL", "smtps://"),
        ("NINEFOLD_SMTP_URL", "smtps://mail.example.com:mail"),
        ("NINEFOLD_SMTP_URL", "smtps://mail.example.com/path"),
        ("NINEFOLD_SMTP_URL", "smtp://mail.example.com"),
        ("NINEFOLD_SMTP_URL", "smtps://user@mail.example.com"),
        ("NINEFOLD_SMTP_PASSWORD_FILE", "/no/such/file"),
        ("NINEFOLD_MAIL_FROM", "Ninefold <surveys@example.com>"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingRefused, match=name):
        read(tmp_path, **{name: value})


def test_a_misspelt_setting_is_refused_instead_of_ignored(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match="NINEFOLD_PROT"):
        read(tmp_path, NINEFOLD_PROT="8000")


def test_development_is_refused_behind_https(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match="NINEFOLD_DEVELOPMENT"):
        read(tmp_path, NINEFOLD_BASE_URL="https://ninefold.example.com", NINEFOLD_DEVELOPMENT="true")


def test_a_public_address_trusts_only_its_own_host_name(tmp_path: Path) -> None:
    settings = read(tmp_path, NINEFOLD_BASE_URL="https://ninefold.example.com")
    assert settings.trusted_hosts == ["ninefold.example.com"]
    assert settings.is_https


SERVER = "smtps://ninefold:p%40ss%2Fword@mail.example.com"
SENDER = "Ninefold <surveys@example.com>"


def test_a_mail_server_is_read_from_its_address(tmp_path: Path) -> None:
    server = read(tmp_path, NINEFOLD_SMTP_URL=SERVER, NINEFOLD_MAIL_FROM=SENDER).mail_server
    assert server is not None
    assert (server.encryption, server.host, server.port) == (Encryption.TLS, "mail.example.com", 465)
    assert (server.user, server.password) == ("ninefold", "p@ss/word")
    assert (server.sender_name, server.sender_address) == ("Ninefold", "surveys@example.com")


def test_the_password_of_the_mail_server_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("p@ss/word\n")
    server = read(
        tmp_path,
        NINEFOLD_SMTP_URL="smtp+starttls://ninefold@mail.example.com",
        NINEFOLD_SMTP_PASSWORD_FILE=str(file),
        NINEFOLD_MAIL_FROM=SENDER,
    ).mail_server
    assert server is not None
    assert (server.password, server.port) == ("p@ss/word", 587)


def test_plain_smtp_is_for_this_machine(tmp_path: Path) -> None:
    server = read(tmp_path, NINEFOLD_SMTP_URL="smtp://127.0.0.1:1025", NINEFOLD_MAIL_FROM=SENDER).mail_server
    assert server is not None
    assert server.encryption == Encryption.NONE


@pytest.mark.parametrize(
    "sender",
    ["", "Ninefold", "Ninefold <surveys>", "a@b.c\r\nBcc: x@y.z", "Ninefold <sürveys@example.com>", "<@x.y>"],
)
def test_a_sender_that_is_no_address_is_refused(tmp_path: Path, sender: str) -> None:
    with pytest.raises(SettingRefused, match="NINEFOLD_MAIL_FROM"):
        read(tmp_path, NINEFOLD_SMTP_URL=SERVER, NINEFOLD_MAIL_FROM=sender)


def test_the_password_of_the_mail_server_is_in_no_refusal_and_no_repr(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused) as refusal:
        read(tmp_path, NINEFOLD_SMTP_URL="smtp://user:canary@mail.example.com", NINEFOLD_MAIL_FROM=SENDER)
    assert "canary" not in str(refusal.value)
    server = read(
        tmp_path, NINEFOLD_SMTP_URL="smtps://user:canary@mail.example.com", NINEFOLD_MAIL_FROM=SENDER
    )
    assert "canary" not in repr(server)


def test_every_setting_says_what_it_is_for() -> None:
    assert all(setting.meaning.endswith(".") for setting in SETTINGS)
