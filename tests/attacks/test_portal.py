"""The portal under attack: links that are not one's own, used twice, late or elsewhere; other people's tickets."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.accounts.models import Authenticator, User, UserSession
from app.accounts.passwords import hash_password
from app.accounts.second_factors import new_secret
from app.desk.commands.customers import customer_at
from app.desk.commands.queues import QueueDraft, create_queue
from app.desk.commands.talking import NewTicket, create_tickets, note_on_ticket
from app.desk.models import Status, Ticket, TicketParticipant
from app.discussions.models import Attachment
from app.kernel import clock
from app.kernel.crypto import encryption, new_token, token_hash
from app.kernel.database import db
from app.kernel.tenancy import enter, organization
from app.mailboxes.models import OutgoingMail
from app.organizations.models import Kind, Member
from tests.sweeps.visits import nobody

DOOR = "/acme/portal/sign-in"
HUGO = "hugo@brandt.test"
_LINK = re.compile(r"http://trestle\.test(/\S+/portal/sign-in/\S+)")


@pytest.fixture
def hugo(world) -> int:
    """A customer of Acme who has written once and has no account. The id of his ticket."""
    with organization(world.organization_id):
        create_queue(QueueDraft("Support"), by=world.cast["alice"].member)
        member = customer_at(HUGO, "Hugo Brandt")
        [ticket] = create_tickets([NewTicket("Leaking", "It drips", member)], by=member)
        note_on_ticket(ticket, "Secret among us", by=world.cast["anna"].member)
        number = ticket.id
    with organization(world.rival_id):
        create_queue(QueueDraft("Support"), by=world.cast["mallory"].member)
    return number


def letters() -> list[OutgoingMail]:
    """What accounts' letters were written, oldest first."""
    enter(None)
    db.session.rollback()
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def link_for(who, address: str = HUGO, next: str = "") -> str:
    assert who.post(DOOR, {"email": address, "next": next}).status_code == 200
    found = _LINK.search(letters()[-1].text)
    assert found, letters()[-1].text
    return found[1]


def come_in(who, link: str):
    assert who.get(link).status_code == 200
    return who.post(link)


class TestTheWayIn:
    def test_a_customer_comes_in_and_sees_what_is_theirs(self, world, hugo) -> None:
        browser = nobody(world.app)
        answer = come_in(browser, link_for(browser))
        assert answer.location == "/acme/portal", answer.text
        assert "Leaking" in browser.get("/acme/portal").text
        shown = browser.get("/acme/portal/tickets/1").text
        assert "It drips" in shown
        assert "Secret" not in shown
        enter(None)
        user = db.session.scalars(select(User).where(User.email == HUGO)).one()
        assert user.password_hash is None
        assert user.email_verified_at is not None
        with organization(world.organization_id):
            assert db.session.scalars(select(Member.user_id).where(Member.email == HUGO)).one() == user.id

    def test_the_page_that_was_wanted_is_the_page_that_comes(self, world, hugo) -> None:
        browser = nobody(world.app)
        asked = browser.get("/acme/portal/tickets/1")
        assert asked.location == f"{DOOR}?next=/acme/portal/tickets/1"
        link = link_for(browser, next="/acme/portal/tickets/1")
        assert browser.post(link.partition("?")[0], {"next": "/acme/portal/tickets/1"}).location.endswith("/tickets/1")
        evil = nobody(world.app)
        link = link_for(evil, next="https://evil.example/")
        assert "evil" not in link
        assert evil.post(link, {"next": "//evil.example"}).location == "/acme/portal"

    def test_a_link_is_good_once(self, world, hugo) -> None:
        first, second = nobody(world.app), nobody(world.app)
        link = link_for(first)
        assert come_in(first, link).status_code == 303
        assert second.get(link).status_code == 404
        assert second.post(link).status_code == 404
        assert second.get("/acme/portal").status_code == 303

    def test_looking_at_a_link_uses_nothing_up_and_signs_nobody_in(self, world, hugo) -> None:
        browser = nobody(world.app)
        link = link_for(browser)
        for _ in range(3):
            assert browser.get(link).status_code == 200
        assert browser.get("/acme/portal").location.startswith(DOOR)
        assert browser.post(link).status_code == 303

    def test_a_late_link_and_an_older_one_lead_nowhere(self, world, hugo) -> None:
        browser = nobody(world.app)
        older, link = link_for(browser), link_for(browser)
        assert browser.post(older).status_code == 404
        with clock.at(clock.now() + timedelta(minutes=16)):
            assert browser.post(link).status_code == 404
        assert browser.post(link).status_code == 303

    def test_a_link_of_one_organization_opens_no_other(self, world, hugo) -> None:
        browser = nobody(world.app)
        link = link_for(browser)
        elsewhere = link.replace("/acme/", "/rival/")
        assert (browser.get(elsewhere).status_code, browser.post(elsewhere).status_code) == (404, 404)
        assert browser.post(link).status_code == 303
        assert browser.get("/rival/portal").status_code == 404

    def test_a_link_is_no_way_around_the_second_step(self, world, hugo) -> None:
        browser = nobody(world.app)
        come_in(browser, link_for(browser))
        enter(None)
        user = db.session.scalars(select(User).where(User.email == HUGO)).one()
        sealed = encryption().encrypt(new_secret().encode()).decode()
        db.session.add(Authenticator(user_id=user.id, secret=sealed, last_step=0))
        db.session.commit()
        other = nobody(world.app)
        assert come_in(other, link_for(other)).location == "/sign-in/code?next=/acme/portal"
        assert other.get("/acme/portal").location.startswith(DOOR)

    def test_a_guess_is_no_link(self, world, hugo) -> None:
        browser = nobody(world.app)
        assert browser.post(f"{DOOR}/{new_token()}").status_code == 404

    def test_the_letter_names_our_own_host_whatever_the_browser_says(self, world, hugo) -> None:
        browser = nobody(world.app)
        answer = browser.post(DOOR, {"email": HUGO}, headers={"Host": "evil.example"})
        assert answer.status_code >= 400 or "evil" not in letters()[-1].text
        browser.post(DOOR, {"email": HUGO}, headers={"X-Forwarded-Host": "evil.example"})
        assert "evil" not in letters()[-1].text

    def test_the_link_is_in_no_mail_that_administrators_read(self, world, hugo, alice) -> None:
        link_for(nobody(world.app))
        assert HUGO not in alice.get("/acme/settings/mail").text
        with organization(world.organization_id):
            assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 0

    def test_a_forged_form_signs_nobody_in(self, world, hugo) -> None:
        browser = nobody(world.app)
        link = link_for(browser)
        forged = {"X-CSRFToken": "", "Sec-Fetch-Site": "cross-site"}
        assert browser.post(link, headers=forged).status_code >= 400
        assert browser.post(link).status_code == 303


class TestWhoIsThere:
    def test_the_answer_is_the_same_whoever_asks(self, world, hugo) -> None:
        browser = nobody(world.app)
        pages = [
            browser.post(DOOR, {"email": who}).text.replace(who, "…")
            for who in (HUGO, "nobody@strangers.test", "bob@example.test", "mallory@example.test")
        ]
        bare = [re.sub(r'content="[^"]{40,}"|value="[^"]{40,}"', "", page) for page in pages]
        assert len(set(bare)) == 1

    def test_strangers_get_no_letter(self, world, hugo) -> None:
        nobody(world.app).post(DOOR, {"email": "nobody@strangers.test"})
        assert letters() == []

    def test_letters_to_one_address_have_an_end(self, world, hugo) -> None:
        browser = nobody(world.app)
        answers = [browser.post(DOOR, {"email": HUGO}).status_code for _ in range(6)]
        assert answers[0] == 200
        assert answers[-1] == 429
        assert len(letters()) == answers.count(200)

    def test_an_organization_without_a_desk_has_no_portal(self, world) -> None:
        assert nobody(world.app).get(DOOR).status_code == nobody(world.app).get("/nowhere/portal/sign-in").status_code


class TestNotAWayAround:
    def test_colleagues_are_told_to_use_their_password(self, world, hugo) -> None:
        nobody(world.app).post(DOOR, {"email": "bob@example.test"})
        [letter] = letters()
        assert "password" in letter.text
        assert not _LINK.search(letter.text)

    def test_who_works_elsewhere_is_no_customer_by_link(self, world, hugo) -> None:
        """Mallory owns Rival and has written to Acme: Acme's portal is no second door to Rival."""
        with organization(world.organization_id):
            customer_at("mallory@example.test", "Mallory")
        nobody(world.app).post(DOOR, {"email": "mallory@example.test"})
        assert not _LINK.search(letters()[-1].text)

    def test_nor_who_began_to_work_somewhere_after_the_letter(self, world, hugo) -> None:
        browser = nobody(world.app)
        assert come_in(browser, link_for(browser)).status_code == 303
        browser = nobody(world.app)
        link = link_for(browser)
        enter(None)
        user = db.session.scalars(select(User.id).where(User.email == HUGO)).one()
        with organization(world.rival_id):
            db.session.add(Member(user_id=user, name="Hugo", email=HUGO, role="member", kind=Kind.PERSON))
        answer = browser.post(link)
        assert answer.status_code == 410
        assert "password" in answer.text
        assert browser.get("/rival/").status_code == 303

    def test_who_signed_in_by_password_is_their_own_customer_by_one_click(self, world, hugo, mallory) -> None:
        with organization(world.organization_id):
            member = customer_at("mallory@example.test", "Mallory")
            create_tickets([NewTicket("Mine", "Text", member)], by=member)
        assert mallory.get("/acme/portal").status_code == 404
        assert "Go on as mallory@example.test" in mallory.get(DOOR).text
        assert mallory.post("/acme/portal/entry").status_code == 303
        shown = mallory.get("/acme/portal").text
        assert "Mine" in shown
        assert "Leaking" not in shown
        assert mallory.get("/acme/portal/tickets/1").status_code == 404

    def test_nobody_enters_as_a_customer_who_is_somebody_else(self, world, hugo, olaf, mallory) -> None:
        assert mallory.post("/acme/portal/entry").status_code == 200
        assert mallory.get("/acme/portal").status_code == 404

    def test_what_a_stranger_made_with_the_address_opens_nothing_afterwards(self, world, hugo) -> None:
        """Somebody signs up with Hugo's address and waits for Hugo to prove it for them."""
        enter(None)
        user = User(email=HUGO, name="Not Hugo", password_hash=hash_password("trap with a long spring"))
        db.session.add(user)
        db.session.flush()
        token = new_token()
        later = clock.now() + timedelta(days=1)
        db.session.add(UserSession(user_id=user.id, token_hash=token_hash(token), expires_at=later))
        db.session.commit()
        browser = nobody(world.app)
        assert come_in(browser, link_for(browser)).status_code == 303
        thief = nobody(world.app)
        wrong = thief.post("/sign-in", {"email": HUGO, "password": "trap with a long spring"})
        assert wrong.status_code == 422
        enter(None)
        db.session.rollback()
        shut = db.session.scalars(select(UserSession.revoked_at).where(UserSession.token_hash == token_hash(token)))
        assert shut.one() is not None

    def test_who_was_shut_out_gets_neither_letter_nor_entry(self, world, hugo) -> None:
        browser = nobody(world.app)
        link = link_for(browser)
        enter(None)
        db.session.add(User(email=HUGO, name="Hugo", email_verified_at=clock.now(), deactivated_at=clock.now()))
        db.session.commit()
        assert browser.post(link).status_code in (410, 422)
        count = len(letters())
        assert browser.post(DOOR, {"email": HUGO}).status_code == 200
        assert len(letters()) == count

    def test_a_customer_who_left_is_not_let_in(self, world, hugo) -> None:
        browser = nobody(world.app)
        link = link_for(browser)
        with organization(world.organization_id):
            db.session.execute(update(Member).where(Member.email == HUGO).values(left_at=clock.now()))
        assert browser.post(link).status_code == 410

    def test_signing_out_is_for_good(self, world, hugo) -> None:
        browser = nobody(world.app)
        come_in(browser, link_for(browser))
        cookie = browser.client.get_cookie("trestleboard").value
        with browser.client.session_transaction() as session:
            session["csrf_token"] = "n" * 40
        assert browser.post("/acme/portal/sign-out").location == DOOR
        browser.client.set_cookie("trestleboard", cookie)
        assert browser.get("/acme/portal").status_code == 303


class TestOtherPeoplesTickets:
    def test_another_customers_ticket_is_not_there(self, hugo, carol) -> None:
        assert carol.get("/acme/portal/tickets/1").status_code == 404
        for verb, form in (("replies", {"body": "Me too"}), ("closure", {}), ("reopening", {})):
            assert carol.post(f"/acme/portal/tickets/1/{verb}", form).status_code == 404, verb
        sent = {"files": (io.BytesIO(b"x"), "x.txt")}
        assert carol.post(f"/acme/ticket/{hugo}/uploads", sent).status_code == 404

    def test_who_takes_part_writes_but_does_not_close(self, world, hugo, carol) -> None:
        with organization(world.organization_id):
            db.session.add(TicketParticipant(ticket_id=hugo, member_id=carol.member_id))
        assert carol.post("/acme/portal/tickets/1/replies", {"body": "Me too"}).status_code == 303
        assert carol.post("/acme/portal/tickets/1/closure").status_code == 403
        with organization(world.organization_id):
            assert db.session.get_one(Ticket, (world.organization_id, hugo)).status is not Status.CLOSED

    def test_files_of_others_do_not_go_with_ones_own_reply(self, world, hugo, carol, anna) -> None:
        sent = {"files": (io.BytesIO(b"secret"), "secret.txt")}
        anna.post(f"/acme/ticket/{hugo}/uploads", sent)
        with organization(world.organization_id):
            create_tickets([NewTicket("Mine", "Text", carol.member)], by=carol.member)
            file = db.session.scalars(select(Attachment.id)).one()
        answer = carol.post("/acme/portal/tickets/2/replies", {"body": "Give me", "attachments": file})
        assert answer.status_code == 422
        assert carol.get(f"/acme/attachments/{file}").status_code == 404

    def test_agents_do_not_write_in_a_customers_place(self, hugo, anna, bob) -> None:
        assert anna.post("/acme/portal/tickets/1/replies", {"body": "As Hugo"}).status_code == 403
        assert bob.post("/acme/portal/tickets", {"subject": "x", "body": "y"}).status_code == 403

    def test_the_agents_page_and_search_stay_shut(self, world, hugo, carol) -> None:
        with organization(world.organization_id):
            create_tickets([NewTicket("Kettle", "Text", carol.member)], by=carol.member)
        world.index()
        assert carol.get("/acme/tickets/2").status_code == 403
        assert "Kettle" not in carol.get("/acme/search?q=kettle").text.replace('value="kettle"', "")

    def test_one_customer_does_not_flood_a_desk(self, hugo, carol) -> None:
        answers = [carol.post("/acme/portal/tickets", {"subject": "x", "body": "y"}).status_code for _ in range(61)]
        assert answers[59] == 303
        assert answers[60] == 429
