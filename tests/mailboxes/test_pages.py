"""Owners and admins read the organization's outgoing mail, and see what became of each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from app.kernel.database import db
from app.kernel.tenancy import organization
from app.mailboxes.commands import post_mail
from app.mailboxes.models import IncomingMail
from app.mailboxes.queries import PAGE
from tests.postoffice import PostOffice
from tests.world import Person, World

LIST = "/acme/settings/mail"


def _post(world: World, subject: str = "Printer on fire", organization_id: int | None = None) -> int:
    with organization(organization_id or world.organization_id):
        return post_mail("bob@example.test", subject, "Bring <b>water</b>.\nQuickly.").id


def test_the_list_says_what_became_of_each(
    alice: Person, world: World, smtp: PostOffice, work: Callable[[], None]
) -> None:
    smtp.says[:] = ["550 No such user", "451 Later, please"]
    hopeless, later, taken = (_post(world, subject) for subject in ("Hopeless", "Later", "Taken"))
    work()
    waiting = _post(world, "Waiting")
    page = alice.get(LIST)
    assert page.status_code == 200
    for said in ("Given up", "550 No such user", "Refused, tried again", "451 Later, please", "Sent", "Waiting"):
        assert said in page.text
    for only, shown in (("failed", [hopeless]), ("waiting", [waiting, later]), ("sent", [taken])):
        text = alice.get(f"{LIST}?only={only}").text
        assert [mail for mail in (waiting, taken, later, hopeless) if f'id="mail-{mail}"' in text] == shown
    assert "after 1 try: 550 No such user" in alice.get(f"{LIST}/{hopeless}").text
    assert "Refused 1 time: 451 Later, please" in alice.get(f"{LIST}/{later}").text


def test_one_mail_is_read_as_it_was_written(alice: Person, world: World) -> None:
    page = alice.get(f"{LIST}/{_post(world)}")
    assert page.status_code == 200
    assert "Bring &lt;b&gt;water&lt;/b&gt;.\nQuickly." in page.text
    assert "bob@example.test" in page.text


@pytest.mark.parametrize(
    ("only", "said"),
    [("all", "No mail yet"), ("waiting", "Nothing waits"), ("failed", "Nothing was given up"), ("sent", "No mail yet")],
)
def test_empty(alice: Person, only: str, said: str) -> None:
    page = alice.get(f"{LIST}?only={only}").text
    assert said in page
    assert "No mail server is set up" in page


def test_with_a_server_nothing_is_said_of_the_folder(alice: Person, smtp: PostOffice) -> None:
    assert "No mail server is set up" not in alice.get(LIST).text


@pytest.mark.parametrize(
    ("who", "status"), [("bob", 403), ("anna", 403), ("vic", 403), ("olaf", 403), ("carol", 403), ("mallory", 404)]
)
def test_others_may_not(cast: dict[str, Person], world: World, who: str, status: int) -> None:
    mail = _post(world)
    assert cast[who].get(LIST).status_code == status
    assert cast[who].get(f"{LIST}/{mail}").status_code == status


def test_no_organization_reads_anothers_mail_nor_that_of_accounts(alice: Person, mallory: Person, world: World) -> None:
    mail = _post(world)
    with organization(None):
        account = post_mail("bob@example.test", "Your password", "secret").id
    assert mallory.get(f"/rival/settings/mail/{mail}").status_code == 404
    assert alice.get(f"{LIST}/{account}").status_code == 404
    assert alice.get(f"{LIST}/{10**30}").status_code == 404
    assert "Your password" not in alice.get(LIST).text


def test_long_lists_load_by_scrolling(
    alice: Person, world: World, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    first = _post(world)
    alice.get(LIST)
    with statements() as few:
        alice.get(LIST)
    with organization(world.organization_id):
        mails = [post_mail("bob@example.test", "x" * 300, "…").id for _ in range(PAGE)]
    with statements() as many:
        page = alice.get(LIST).text
    assert len(few) == len(many)
    assert f'id="mail-{first}"' not in page
    assert f"below={mails[0]}" in page
    rest = alice.get(f"{LIST}?below={mails[0]}", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert f'id="mail-{first}"' in rest
    assert "<main" not in rest


def test_the_list_of_incoming_mail_costs_the_same_however_long_it_is(
    alice: Person, world: World, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    def come(count: int) -> None:
        with organization(world.organization_id):
            db.session.add_all(
                IncomingMail(
                    organization_id=world.organization_id,
                    fingerprint=f"{count}-{number}",
                    subject="x" * 300,
                    sender_name="y" * 150,
                )
                for number in range(count)
            )

    come(10)
    alice.get(f"{LIST}/incoming")
    with statements() as few:
        alice.get(f"{LIST}/incoming")
    come(1000)
    with statements() as many:
        page = alice.get(f"{LIST}/incoming")
    assert page.status_code == 200
    assert len(few) == len(many)
    assert page.text.count('id="mail-') == PAGE
