"""Owed mail leaves once its transaction commits, is tried again when refused, and is given up when that is hopeless."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import select, update

from app.adapters import files
from app.kernel import timers
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.errors import Invalid
from app.kernel.jobs import queue
from app.kernel.tenancy import enter, organization
from app.mailboxes.commands import MailPart, post_mail, posting
from app.mailboxes.jobs import forget_old_mails, send_mail
from app.mailboxes.models import ATTEMPTS, KEPT, OutgoingMail
from tests.postoffice import PostOffice
from tests.world import World

Work = Callable[[], None]


def _post(world: World | None, **values: object) -> int:
    with organization(world.organization_id if world else None):
        letter = {"to": "bob@example.test", "subject": "Printer on fire", "text": "Bring water."} | values
        return post_mail(**letter).id  # type: ignore[arg-type]


def _read(world: World, mail_id: int) -> OutgoingMail:
    enter(world.organization_id)
    db.session.expire_all()
    return db.session.scalars(select(OutgoingMail).where(OutgoingMail.id == mail_id)).one()


def _make_due(owner: sa.Engine) -> None:
    with owner.begin() as connection:
        connection.execute(update(OutgoingMail).values(next_try_at=now() - timedelta(minutes=1)))


def test_a_mail_leaves_after_its_commit(world: World, smtp: PostOffice, work: Work) -> None:
    mail_id = _post(world, html="<p>Bring <b>water</b>.</p>", headers={"List-Unsubscribe": "<https://x.test/u>"})
    assert smtp.letters == []
    work()
    (letter,) = smtp.letters
    mail = _read(world, mail_id)
    assert (letter["Subject"], letter["To"]) == ("Printer on fire", "bob@example.test")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"] == mail.message_id
    assert mail.message_id.endswith("@trestle.test>")
    assert letter["List-Unsubscribe"] == "<https://x.test/u>"
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert (text.get_content().strip(), html.get_content().strip()) == ("Bring water.", "<p>Bring <b>water</b>.</p>")
    assert mail.sent_at
    assert not mail.error
    send_mail(mail_id)
    db.session.commit()
    assert len(smtp.letters) == 1


def test_a_mail_whose_transaction_fails_was_never_owed(world: World, smtp: PostOffice, work: Work) -> None:
    with pytest.raises(ZeroDivisionError), organization(world.organization_id):  # noqa: PT012
        post_mail("bob@example.test", "Never", "…")
        raise ZeroDivisionError
    work()
    assert smtp.letters == []
    assert queue().count == 0


def test_accounts_mail_belongs_to_no_organization(world: World, smtp: PostOffice, work: Work) -> None:
    mail_id = _post(None)
    enter(world.organization_id)
    assert db.session.scalars(select(OutgoingMail)).all() == []
    enter(None)
    assert db.session.scalars(select(OutgoingMail)).one().id == mail_id
    work()
    assert len(smtp.letters) == 1


def test_a_busy_server_is_asked_again_with_the_same_message_id(
    world: World, smtp: PostOffice, work: Work, owner: sa.Engine, scheduler: sa.Engine
) -> None:
    smtp.says[:] = ["451 Greylisted, come back"]
    mail_id = _post(world)
    work()
    mail = _read(world, mail_id)
    assert (mail.attempts, mail.sent_at, mail.failed_at, mail.error) == (1, None, None, "451 Greylisted, come back")
    assert timedelta(seconds=20) < mail.next_try_at - now() <= timedelta(seconds=30)
    first = mail.message_id
    timers.tick(scheduler)
    work()
    assert smtp.letters == [], "asked again too early"
    _make_due(owner)
    timers.tick(scheduler)
    work()
    assert [letter["Message-ID"] for letter in smtp.letters] == [first]
    mail = _read(world, mail_id)
    assert (mail.attempts, mail.error) == (2, None)
    assert mail.sent_at


@pytest.mark.parametrize("said", ["550 No such user", "data"])
def test_a_refusal_for_good_is_final(world: World, smtp: PostOffice, work: Work, said: str) -> None:
    if said == "data":
        smtp.says_to_data[:] = ["554 This is spam"]
    else:
        smtp.says[:] = [said]
    mail_id = _post(world)
    work()
    mail = _read(world, mail_id)
    assert mail.failed_at
    assert mail.error == ("554 This is spam" if said == "data" else said)


def test_waits_grow_and_end(world: World, owner: sa.Engine, smtp: PostOffice) -> None:
    smtp.says[:] = ["450 Later"] * ATTEMPTS
    mail_id, waits = _post(world), []
    for _ in range(ATTEMPTS):
        _make_due(owner)
        with organization(world.organization_id):
            send_mail(mail_id)
        waits.append((_read(world, mail_id).next_try_at - now()).total_seconds())
    assert [round(wait) for wait in waits[:4]] == [30, 60, 120, 240]
    assert round(waits[-1]) == 6 * 3600
    assert _read(world, mail_id).failed_at
    assert smtp.says == []


def test_a_mail_in_hand_is_left_to_its_worker(world: World, smtp: PostOffice, owner: sa.Engine) -> None:
    mail_id = _post(world)
    with owner.begin() as other:
        other.execute(select(OutgoingMail).where(OutgoingMail.id == mail_id).with_for_update())
        with organization(world.organization_id):
            send_mail(mail_id)
    assert smtp.letters == []


def test_without_a_server_mail_lies_in_a_folder(world: World, folder: Path, work: Work) -> None:
    _post(world, subject="Schrauben für Łódź 🔩")
    work()
    (file,) = folder.iterdir()
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o077 == 0
    assert letter["Subject"] == "Schrauben für Łódź 🔩"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bob",
        "bob@",
        "a@b@c",
        "Bob <bob@x.test>",
        "bob@x.test\nBcc: eve@x.test",
        "a,b@x.test",
        "x" * 300 + "@x.test",
    ],
)
def test_what_is_no_address_is_refused(world: World, address: str) -> None:
    enter(world.organization_id)
    with pytest.raises(Invalid):
        post_mail(address, "Hello", "…")


def test_a_subject_cannot_bring_headers_along(world: World, smtp: PostOffice, work: Work) -> None:
    _post(world, subject="Hello\r\nBcc: eve@example.test\r\n\r\nbody")
    work()
    (letter,) = smtp.letters
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Hello Bcc: eve@example.test body"


@pytest.mark.parametrize("headers", [{"Bcc": "eve@example.test"}, {"X-A": "1\r\nBcc: eve@x.test"}, {"X:A\nBcc": "1"}])
def test_forbidden_headers_are_never_sent(world: World, smtp: PostOffice, work: Work, headers: dict[str, str]) -> None:
    mail_id = _post(world, headers=headers)
    work()
    assert smtp.letters == []
    assert _read(world, mail_id).failed_at


def test_settled_mail_is_forgotten_after_a_month(world: World, smtp: PostOffice, work: Work, owner: sa.Engine) -> None:
    old, owed = _post(world), _post(world)
    with owner.begin() as connection:
        long_ago = now() - timedelta(days=KEPT + 1)
        connection.execute(update(OutgoingMail).values(created_at=long_ago))
        connection.execute(update(OutgoingMail).where(OutgoingMail.id == old).values(sent_at=long_ago))
    with organization(world.organization_id):
        forget_old_mails()
    enter(world.organization_id)
    assert [mail.id for mail in db.session.scalars(select(OutgoingMail))] == [owed]


def _stored(content: bytes) -> str:
    return files.store(BytesIO(content), most=2**20).name


def test_a_persons_reply_stands_in_its_thread(world: World, smtp: PostOffice, work: Work) -> None:
    mail_id = _post(
        world,
        sender_name='Anna "the agent"\r\nBcc: eve@example.test',
        reply_to="support+t1-abc@example.test",
        in_reply_to="<third@customer.test>",
        references=["<first@customer.test>", "<forged@x>\r\nBcc: eve@example.test", "<third@customer.test>"],
        automatic=False,
    )
    work()
    (letter,) = smtp.letters
    assert letter["From"] == '"Anna \\"the agent\\" Bcc: eve@example.test" <trestleboard@localhost>'
    assert letter["Reply-To"] == "support+t1-abc@example.test"
    assert letter["In-Reply-To"] == "<third@customer.test>"
    assert letter["References"] == "<first@customer.test> <third@customer.test>"
    assert letter["Bcc"] is None
    assert letter["Auto-Submitted"] is None
    assert letter["X-Trestleboard"]
    assert letter["Message-ID"] == _read(world, mail_id).message_id


def test_files_go_along_and_end_with_the_mail(world: World, smtp: PostOffice, work: Work, owner: sa.Engine) -> None:
    chart, report = _stored(b"\x89PNG picture"), _stored(b"%PDF report")
    parts = [
        MailPart("chart.png", "image/png", chart, "chart-1"),
        MailPart('../Größe\r\nX-Evil: "1".pdf', "application/pdf\r\nX-Evil: 1", report),
    ]
    mail_id = _post(world, html='<img src="cid:chart-1" alt="Chart">', parts=parts)
    for name in (chart, report):
        files.delete(name)
    work()
    (letter,) = smtp.letters
    image = next(part for part in letter.walk() if part.get_content_type() == "image/png")
    assert (image["Content-ID"], image.get_content()) == ("<chart-1>", b"\x89PNG picture")
    assert [part.get_content_type() for part in letter.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/octet-stream",
    ]
    (attached,) = letter.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (".._Größe X-Evil: _1_.pdf", b"%PDF report")
    assert all(part["X-Evil"] is None for part in letter.walk())
    copies = [str(part["file"]) for part in _read(world, mail_id).parts]
    with owner.begin() as connection:
        connection.execute(update(OutgoingMail).values(created_at=now() - timedelta(days=KEPT + 1)))
    with organization(world.organization_id):
        forget_old_mails()
    for name in copies:
        with pytest.raises(FileNotFoundError):
            files.open_file(name)


def test_files_that_no_server_takes_are_refused_and_not_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "MOST_IN_PARTS", 10)
    parts = [MailPart("a", "text/plain", _stored(b"12345")), MailPart("b", "text/plain", _stored(b"123456"))]
    kept = _count(world)
    with pytest.raises(files.TooLarge), organization(world.organization_id):
        post_mail("bob@example.test", "Big", "…", parts=parts)
    assert _count(world) == kept


def _count(world: World) -> int:
    return len(list((world.app.extensions["trestleboard"].instance / "files").glob("*/*")))
