"""Settings: read once from the environment, frozen, refused by name when they make no sense."""

from __future__ import annotations

import enum
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingRefused(Exception):
    """A setting has a value that Ninefold will not start with; the message names it and says what to write."""


@dataclass(frozen=True)
class Setting:
    """One line of the configuration table in README.md (tests/test_documentation.py keeps it complete)."""

    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting("NINEFOLD_DATA", "var", "Folder of the embedded database and the generated secret key."),
    Setting(
        "NINEFOLD_DATABASE_URL",
        "",
        "Empty: SQLite in the data folder. Else `postgresql://user:password@host/name`.",
    ),
    Setting(
        "NINEFOLD_SECRET_KEY",
        "",
        "Signs cookies; at least 32 characters. Empty: one is made once and kept in the data folder.",
    ),
    Setting(
        "NINEFOLD_SECRET_KEY_FALLBACKS",
        "",
        "Former secret keys, separated by commas, still accepted while browsers move to the new one.",
    ),
    Setting("NINEFOLD_HOST", "127.0.0.1", "Address the server listens on."),
    Setting("NINEFOLD_PORT", "8000", "Port the server listens on."),
    Setting(
        "NINEFOLD_BASE_URL",
        "",
        "Address people type, used in every personal link. Must be https unless it is this machine.",
    ),
    Setting("NINEFOLD_PROXY_HOPS", "0", "Number of trusted proxies in front of the server (0 to 5)."),
    Setting("NINEFOLD_THREADS", "8", "Threads that answer web requests (1 to 64)."),
    Setting("NINEFOLD_WORKER_THREADS", "1", "Background jobs that run side by side in one worker (1 to 16)."),
    Setting(
        "NINEFOLD_MODEL", "", "Folder of another sentence-transformers model. Empty: the packaged MiniLM."
    ),
    Setting(
        "NINEFOLD_SMTP_URL",
        "",
        "Mail server: `smtps://user:password@host:465` or `smtp+starttls://user:password@host:587` (signs in a "
        "password are percent-encoded); plain `smtp://` only on this machine. Empty: no mail is sent.",
    ),
    Setting(
        "NINEFOLD_SMTP_PASSWORD_FILE",
        "",
        "File with the password of the mail server, instead of writing it into the address.",
    ),
    Setting(
        "NINEFOLD_MAIL_FROM",
        "",
        "Sender of every mail, such as `Ninefold <surveys@example.com>`; needed with a mail server.",
    ),
    Setting(
        "NINEFOLD_MAILS_A_DAY",
        "200",
        "Invitations and reminders that leave for one organisation in 24 hours (1 to 10000); the rest wait.",
    ),
    Setting(
        "NINEFOLD_DEVELOPMENT",
        "false",
        "`true` shows the style guide, keeps mail on a page instead of sending it, and reloads templates; "
        "refused with https.",
    ),
)

_DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


class Encryption(enum.StrEnum):
    TLS = "smtps"
    STARTTLS = "smtp+starttls"
    NONE = "smtp"


_USUAL_PORTS = {Encryption.TLS: 465, Encryption.STARTTLS: 587, Encryption.NONE: 25}


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and as whom."""

    encryption: Encryption
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender_name: str
    sender_address: str


@dataclass(frozen=True)
class Settings:
    data: Path
    database_url: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    host: str
    port: int
    base_url: str
    proxy_hops: int
    threads: int
    worker_threads: int
    model: str | None
    is_development: bool
    mail_server: MailServer | None = None
    mails_a_day: int = 200

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def trusted_hosts(self) -> list[str]:
        host = urlsplit(self.base_url).hostname or ""
        return sorted({host, *LOOPBACK_HOSTS}) if host in LOOPBACK_HOSTS else [host]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        given = os.environ if environment is None else environment
        unknown = sorted(name for name in given if name.startswith("NINEFOLD_") and name not in _DEFAULTS)
        if unknown:
            raise SettingRefused(f"{unknown[0]} is not a setting of Ninefold; README.md lists them all.")

        def text(name: str) -> str:
            return given.get(name, "").strip() or _DEFAULTS[name]

        data = Path(text("NINEFOLD_DATA")).expanduser().absolute()
        host = text("NINEFOLD_HOST")
        port = _whole_number("NINEFOLD_PORT", text("NINEFOLD_PORT"), low=1, high=65535)
        base_url = _base_url(text("NINEFOLD_BASE_URL") or f"http://{_url_host(host)}:{port}")
        is_development = _truth("NINEFOLD_DEVELOPMENT", text("NINEFOLD_DEVELOPMENT"))
        if is_development and base_url.startswith("https://"):
            raise SettingRefused("NINEFOLD_DEVELOPMENT must be 'false' where NINEFOLD_BASE_URL is https.")
        fallbacks = tuple(
            key.strip() for key in text("NINEFOLD_SECRET_KEY_FALLBACKS").split(",") if key.strip()
        )
        for key in fallbacks:
            _check_secret("NINEFOLD_SECRET_KEY_FALLBACKS", key)
        return cls(
            data=data,
            database_url=_database_url(text("NINEFOLD_DATABASE_URL"), data),
            secret_key=_secret_key(text("NINEFOLD_SECRET_KEY"), data),
            secret_key_fallbacks=fallbacks,
            host=host,
            port=port,
            base_url=base_url,
            proxy_hops=_whole_number("NINEFOLD_PROXY_HOPS", text("NINEFOLD_PROXY_HOPS"), low=0, high=5),
            threads=_whole_number("NINEFOLD_THREADS", text("NINEFOLD_THREADS"), low=1, high=64),
            worker_threads=_whole_number(
                "NINEFOLD_WORKER_THREADS", text("NINEFOLD_WORKER_THREADS"), low=1, high=16
            ),
            model=_model(text("NINEFOLD_MODEL")),
            is_development=is_development,
            mails_a_day=_whole_number(
                "NINEFOLD_MAILS_A_DAY", text("NINEFOLD_MAILS_A_DAY"), low=1, high=10_000
            ),
            mail_server=_mail_server(
                text("NINEFOLD_SMTP_URL"), text("NINEFOLD_SMTP_PASSWORD_FILE"), text("NINEFOLD_MAIL_FROM")
            ),
        )


def packaged(name: str) -> Path:
    """The folder `name`: inside the package in an installed wheel, beside it in a checkout."""
    inside = Path(__file__).parent / name
    return inside if inside.is_dir() else Path(__file__).parent.parent / name


def _whole_number(name: str, value: str, *, low: int, high: int) -> int:
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise SettingRefused(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
    return int(value)


def _truth(name: str, value: str) -> bool:
    if value.lower() not in {"true", "false"}:
        raise SettingRefused(f"{name} must be 'true' or 'false', not {value!r}.")
    return value.lower() == "true"


def _url_host(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - recognised here, never bound by default
        raise SettingRefused(
            f"NINEFOLD_HOST is {host}, so Ninefold cannot know its own address: set NINEFOLD_BASE_URL as well."
        )
    return f"[{host}]" if ":" in host else host


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise SettingRefused(
            f"NINEFOLD_BASE_URL must look like https://ninefold.example.com (no path), not {value!r}."
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        raise SettingRefused(
            "NINEFOLD_BASE_URL must begin with https:// unless it is this machine: "
            "personal links and answers would travel in the clear."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _database_url(value: str, data: Path) -> str:
    if not value:
        return f"sqlite:///{data / 'ninefold.db'}"
    scheme, _, rest = value.partition("://")
    if scheme in {"postgresql", "postgres", "postgresql+psycopg"} and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.strip("/"):
        return value
    raise SettingRefused("NINEFOLD_DATABASE_URL must begin with postgresql:// (or be empty for SQLite).")


def _model(value: str) -> str | None:
    if value and not Path(value).is_dir():
        raise SettingRefused(f"NINEFOLD_MODEL must be an existing folder with a model, not {value!r}.")
    return value or None


def _mail_server(url: str, password_file: str, sender: str) -> MailServer | None:
    # The address is never quoted in a refusal: it may hold the password.
    if not url:
        for name, value in (("NINEFOLD_SMTP_PASSWORD_FILE", password_file), ("NINEFOLD_MAIL_FROM", sender)):
            if value:
                raise SettingRefused(f"{name} says nothing without NINEFOLD_SMTP_URL: set that one as well.")
        return None
    parts = urlsplit(url)
    try:
        encryption, port = Encryption(parts.scheme), parts.port
    except ValueError:
        encryption, port = Encryption.NONE, 0
    if port == 0 or parts.scheme not in set(Encryption) or not parts.hostname or parts.path.strip("/"):
        raise SettingRefused(
            "NINEFOLD_SMTP_URL must look like smtps://user:password@mail.example.com:465 or "
            "smtp+starttls://user:password@mail.example.com:587."
        )
    if parts.query or parts.fragment or not parts.hostname.isascii():
        raise SettingRefused("NINEFOLD_SMTP_URL: write ? # and / in a password as %3F %23 %2F.")
    if encryption == Encryption.NONE and parts.hostname not in LOOPBACK_HOSTS:
        raise SettingRefused(
            "NINEFOLD_SMTP_URL must begin with smtps:// or smtp+starttls:// unless the mail server is this "
            "machine: personal links would travel in the clear."
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if password_file:
        if password:
            raise SettingRefused("NINEFOLD_SMTP_PASSWORD_FILE: the address has a password already.")
        password = _first_line("NINEFOLD_SMTP_PASSWORD_FILE", password_file)
    if bool(user) != bool(password):
        raise SettingRefused("NINEFOLD_SMTP_URL needs a user and a password, or neither.")
    name, address = _sender(sender)
    return MailServer(
        encryption=encryption,
        host=parts.hostname,
        port=port or _USUAL_PORTS[encryption],
        user=user,
        password=password,
        sender_name=name,
        sender_address=address,
    )


def _sender(value: str) -> tuple[str, str]:
    refusal = SettingRefused(
        "NINEFOLD_MAIL_FROM must look like 'Ninefold <surveys@example.com>' when NINEFOLD_SMTP_URL is set."
    )
    name, address = parseaddr(value)
    local, _, domain = address.rpartition("@")
    if not value.isprintable() or not address.isascii() or not local or "." not in domain.strip("."):
        raise refusal
    try:
        Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError) as problem:
        raise refusal from problem
    return name, address


def _first_line(name: str, path: str) -> str:
    try:
        lines = Path(path).expanduser().read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise SettingRefused(f"{name}: the file {path} cannot be read.") from problem
    if not lines or not lines[0].strip():
        raise SettingRefused(f"{name}: the file {path} is empty.")
    return lines[0].strip()


def _check_secret(name: str, key: str) -> None:
    if len(key) < 32 or len(set(key)) < 8:
        raise SettingRefused(f"{name} must have at least 32 characters that cannot be guessed.")


def _secret_key(value: str, data: Path) -> str:
    if value:
        _check_secret("NINEFOLD_SECRET_KEY", value)
        return value
    prepare_data_folder(data)
    kept = data / "secret_key"
    try:
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    except FileExistsError:
        key = kept.read_text(encoding="ascii").strip()
        _check_secret(f"the key in {kept}", key)
        return key
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key + "\n")
    return key


def prepare_data_folder(data: Path) -> None:
    """Make the data folder, readable by its owner alone."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise SettingRefused(
            f"NINEFOLD_DATA: cannot make the folder {data}: {problem.strerror}."
        ) from problem
    if not os.access(data, os.W_OK):
        raise SettingRefused(f"NINEFOLD_DATA: this account may not write to {data}.")
