"""Configuration, read from the environment once. Everything has a default that works on a laptop."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path


class ConfigurationError(Exception):
    """A setting cannot be used. The message is one sentence for the operator."""


def instance_folder() -> Path:
    """Where data, logs and secrets of this installation stand."""
    return Path(os.environ.get("TRESTLE_INSTANCE") or "instance").absolute()


def _secret(instance: Path) -> str:
    """TRESTLE_SECRET, else a secret made once and kept in the instance folder, readable by its owner only."""
    if given := os.environ.get("TRESTLE_SECRET"):
        return given
    path = instance / "secret"
    try:
        instance.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    except OSError as error:
        raise ConfigurationError(f"The instance folder {instance} cannot be written: {error.strerror}.") from error
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


@dataclass(frozen=True)
class Config:
    """All settings. Units stand in the names; `None` means "use the embedded part"."""

    instance: Path = field(default_factory=instance_folder)
    host: str = field(default_factory=lambda: os.environ.get("HOST", "127.0.0.1"))
    port: int = field(default_factory=lambda: _port(os.environ.get("PORT", "8000")))
    #: The owner's connection: runs migrations.
    database_url: str | None = field(default_factory=lambda: os.environ.get("DATABASE_URL") or None)
    #: The application's own role; by default the owner's URL with `SET ROLE trestle_app`.
    app_database_url: str | None = field(default_factory=lambda: os.environ.get("APP_DATABASE_URL") or None)
    redis_url: str | None = field(default_factory=lambda: os.environ.get("REDIS_URL") or None)
    smtp_url: str | None = field(default_factory=lambda: os.environ.get("SMTP_URL") or None)
    mail_from: str = field(default_factory=lambda: os.environ.get("MAIL_FROM", "Trestleboard <trestleboard@localhost>"))
    #: Members may have mailboxes fetched from addresses of our own network too.
    imap_internal: bool = field(default_factory=lambda: os.environ.get("IMAP_INTERNAL", "no").lower() == "yes")
    #: Notifications of this time go into one mail.
    mail_batch_seconds: int = field(default_factory=lambda: _number("MAIL_BATCH_SECONDS", 600))
    #: A gateway for text messages; without one there are none. The form is "json" or "twilio".
    sms_url: str = field(default_factory=lambda: os.environ.get("SMS_URL", ""))
    sms_token: str = field(default_factory=lambda: os.environ.get("SMS_TOKEN", ""), repr=False)
    sms_from: str = field(default_factory=lambda: os.environ.get("SMS_FROM", "Trestleboard"))
    sms_form: str = field(default_factory=lambda: os.environ.get("SMS_FORM", "json"))
    #: What a file may have, the files of one form, and what an organization's files may have together.
    file_most_mb: int = field(default_factory=lambda: _number("FILE_MOST_MB", 25, at_least=1))
    files_at_once: int = field(default_factory=lambda: _number("FILES_AT_ONCE", 10, at_least=1))
    files_quota_mb: int = field(default_factory=lambda: _number("FILES_QUOTA_MB", 10_240))
    #: Where people reach us; links in mail begin with it.
    base_url: str = field(default_factory=lambda: os.environ.get("BASE_URL", "").rstrip("/"))
    web_processes: int = field(default_factory=lambda: _number("WEB_PROCESSES", 2, at_least=1))
    web_threads: int = field(default_factory=lambda: _number("WEB_THREADS", 8, at_least=1))
    #: Number of trusted reverse proxies in front of us (X-Forwarded-*).
    proxies: int = field(default_factory=lambda: _number("TRUSTED_PROXIES", 0))
    #: Hosts, host:port and networks that are asked over HTTP although they are our own (parted by commas).
    outbound_allow: tuple[str, ...] = field(default_factory=lambda: _list("OUTBOUND_ALLOW"))
    #: Name servers that are asked for records of mail domains; none: the system's.
    dns_servers: tuple[str, ...] = field(default_factory=lambda: _list("DNS_SERVERS"))
    #: Providers that anybody may sign in with; each is there when its id is.
    github_client_id: str = field(default_factory=lambda: os.environ.get("GITHUB_CLIENT_ID", ""))
    github_client_secret: str = field(default_factory=lambda: os.environ.get("GITHUB_CLIENT_SECRET", ""), repr=False)
    github_url: str = field(default_factory=lambda: os.environ.get("GITHUB_URL", "https://github.com").rstrip("/"))
    google_client_id: str = field(default_factory=lambda: os.environ.get("GOOGLE_CLIENT_ID", ""))
    google_client_secret: str = field(default_factory=lambda: os.environ.get("GOOGLE_CLIENT_SECRET", ""), repr=False)
    oidc_name: str = field(default_factory=lambda: os.environ.get("OIDC_NAME", "single sign-on"))
    oidc_issuer: str = field(default_factory=lambda: os.environ.get("OIDC_ISSUER", ""))
    oidc_client_id: str = field(default_factory=lambda: os.environ.get("OIDC_CLIENT_ID", ""))
    oidc_client_secret: str = field(default_factory=lambda: os.environ.get("OIDC_CLIENT_SECRET", ""), repr=False)
    #: Who asks for /metrics says it; without one only the machine itself is answered.
    metrics_token: str = field(default_factory=lambda: os.environ.get("METRICS_TOKEN", ""), repr=False)
    secret: str = ""
    #: Where the secret stands that we made ourselves; None when it was given to us.
    secret_file: Path | None = None
    testing: bool = False

    def __post_init__(self) -> None:
        if not self.secret:
            object.__setattr__(self, "secret", _secret(self.instance))
            if not os.environ.get("TRESTLE_SECRET"):
                object.__setattr__(self, "secret_file", self.instance / "secret")
        if not self.base_url:
            here = "localhost" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104 - compared, not bound
            object.__setattr__(
                self, "base_url", f"http://[{here}]:{self.port}" if ":" in here else f"http://{here}:{self.port}"
            )


def _list(name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in os.environ.get(name, "").split(",") if part.strip())


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ConfigurationError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _number(name: str, default: int, *, at_least: int = 0) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or int(text) < at_least:
        raise ConfigurationError(f"{name} must be a whole number, at least {at_least}, not {text!r}.")
    return int(text)
