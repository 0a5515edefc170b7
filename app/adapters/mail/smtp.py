"""Mail by SMTP: `smtp://user:password@host:587?tls=starttls`, `smtps://user:password@host`, `smtp://host:25?tls=no`."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from app.adapters.mail.letters import Letter, MailRefused, compose
from config import ConfigurationError

#: Seconds a server may take for each answer.
TIMEOUT = 20


@dataclass(frozen=True)
class Smtp:
    """A mail server. `tls`: "starttls" before anything else, "yes" from the first byte, or "no"."""

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    tls: str = "starttls"

    @classmethod
    def at(cls, url: str) -> Smtp:
        """Read SMTP_URL. With a password `smtp://` means STARTTLS unless told `tls=no`: it never goes in the clear."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            raise ConfigurationError("The port in SMTP_URL is not a number.") from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ConfigurationError(
                "SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host."
            )
        usual = "yes" if parts.scheme == "smtps" else "starttls" if parts.username else "no"
        tls = parse_qs(parts.query).get("tls", [usual])[-1]
        if tls not in ("starttls", "yes", "no"):
            raise ConfigurationError(f"tls in SMTP_URL must be starttls, yes or no, not {tls!r}.")
        user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
        return cls(parts.hostname, port or {"yes": 465, "starttls": 587, "no": 25}[tls], user, password, tls)

    def carry(self, letter: Letter) -> None:
        """Hand one letter over. A mailbox or content that is refused with 5xx is refused for good, all else for now."""
        message = compose(letter)
        try:
            server = self._connection()
            try:
                server.send_message(message, to_addrs=[letter.to])
            finally:
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()  # the letter's fate is settled, whatever is said to this
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise MailRefused(_sentence(code, said), permanent=code >= 500) from error
        except smtplib.SMTPDataError as error:
            raise MailRefused(_sentence(error.smtp_code, error.smtp_error), permanent=error.smtp_code >= 500) from error
        except smtplib.SMTPResponseException as error:  # greeting, login, sender: the server's or the operator's fault
            raise MailRefused(_sentence(error.smtp_code, error.smtp_error), permanent=False) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailRefused(f"{self.host} cannot be reached: {error}", permanent=False) from error

    def _connection(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self.tls == "yes":
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            if self.tls == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password or "")
        except BaseException:
            server.close()
            raise
        return server


def _sentence(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:500]
