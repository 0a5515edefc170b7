"""What SMTP_URL may say."""

from __future__ import annotations

import pytest

from app.adapters.mail import Letter, MailRefused, Smtp
from app.kernel.clock import now
from config import ConfigurationError


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.test", Smtp("mail.test", 25, tls="no")),
        ("smtp://mail.test:2525?tls=starttls", Smtp("mail.test", 2525, tls="starttls")),
        ("smtp://us%40er:p%3Aw@mail.test", Smtp("mail.test", 587, "us@er", "p:w", "starttls")),
        ("smtps://user:pw@mail.test", Smtp("mail.test", 465, "user", "pw", "yes")),
    ],
)
def test_urls(url: str, server: Smtp) -> None:
    assert Smtp.at(url) == server


@pytest.mark.parametrize(
    "url", ["mail.test", "http://mail.test", "smtp://", "smtp://mail.test:x", "smtp://m?tls=maybe"]
)
def test_urls_that_say_nothing(url: str) -> None:
    with pytest.raises(ConfigurationError):
        Smtp.at(url)


def test_a_server_that_is_away_refuses_for_now() -> None:
    letter = Letter("<1@x>", "Us <us@x.test>", "bob@x.test", "Hello", "…", now())
    with pytest.raises(MailRefused) as refusal:
        Smtp("127.0.0.1", 1, tls="no").carry(letter)
    assert not refusal.value.permanent
