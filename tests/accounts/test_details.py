"""Private details: sealed in the database, masked on the page, and nobody's but their owner's."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.commands.details import details_of, is_iban, keep_details, masked
from app.accounts.models import Details, UserDetails, UserSession
from app.kernel.clock import now
from app.kernel.database import db
from app.kernel.tenancy import enter
from tests.world import Person, World

IBAN = "DE89370400440532013000"
SAID = {
    "gender": "woman",
    "ethnicity": "Sorbian",
    "country_of_origin": "DE",
    "phone": "+49 351 5550101",
    "billing_address": "Am Wehr 4, Pirna",
    "account_holder": "B. Kestrel-Holder",
    "account_number": "DE89 3704 0044 0532 0130 00",
    "bank_code": "COBADEFFXXX",
    "tax_number": "93815 08152",
}
#: What may stand nowhere but in the owner's own page; and what not even there.
TELLING = ("Sorbian", "Am Wehr", "Kestrel-Holder")
SECRET = (IBAN, "DE89 3704", "93815 08152")


def kept_by(person: Person) -> Details:
    enter(None)
    db.session.expire_all()
    return details_of(person.user_id)


@pytest.fixture
def told(world: World, bob: Person) -> Person:
    """Bob, who told everything."""
    assert bob.post("/account/details", SAID).status_code == 303
    return bob


def test_what_is_said_comes_back_to_its_owner_with_secrets_masked(told: Person) -> None:
    page = told.get("/account/details").text
    assert all(word in page for word in TELLING)
    assert not any(word in page for word in SECRET)
    assert "•••• 3000" in page
    assert kept_by(told).account_number == IBAN


def test_an_empty_secret_stays_and_a_hyphen_forgets_it(told: Person) -> None:
    told.post("/account/details", {**SAID, "account_number": "", "tax_number": "-", "gender": ""})
    kept = kept_by(told)
    assert (kept.account_number, kept.tax_number, kept.gender) == (IBAN, "", "")


def test_all_of_it_can_be_forgotten(told: Person) -> None:
    assert told.post("/account/details/deletion").status_code == 303
    assert kept_by(told) == Details()
    assert db.session.get(UserDetails, told.user_id) is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"account_number": "DE89370400440532013001"}, "look at its digits"),
        ({"account_number": "12"}, "look at its digits"),
        ({"bank_code": "NO"}, "BIC"),
        ({"upi_id": "me"}, "UPI"),
        ({"country_of_origin": "QQ"}, "Not a valid choice"),
        ({"gender": "x" * 61}, "At most 60"),
    ],
)
def test_what_cannot_be_right_is_refused_and_not_sent_back(bob: Person, wrong: dict[str, str], says: str) -> None:
    answer = bob.post("/account/details", {**SAID, **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    assert kept_by(bob) == Details()


def test_an_account_number_of_a_country_without_ibans_will_do(bob: Person) -> None:
    sent = {**SAID, "account_number": "000123456789", "bank_code": "HDFC0001234", "upi_id": "bob@okbank"}
    assert bob.post("/account/details", sent).status_code == 303
    assert kept_by(bob).bank_code == "HDFC0001234"


def test_whoever_sits_there_proves_it_first(told: Person) -> None:
    sessions = sa.update(UserSession).where(UserSession.user_id == told.user_id)
    db.session.execute(sessions.values(reauthenticated_at=now() - timedelta(hours=1)))
    db.session.commit()
    for answer in (
        told.get("/account/details"),
        told.post("/account/details", {**SAID, "gender": "man"}),
        told.post("/account/details/deletion"),
    ):
        assert answer.status_code == 303
        assert "/account/proof" in answer.headers["Location"]
    assert kept_by(told).gender == "woman"


def test_nobody_else_sees_any_of_it(told: Person, cast: dict[str, Person], owner: sa.Engine) -> None:
    """No page of anybody's, and no table of the database in the clear."""
    for name, person in cast.items():
        if name != "bob":
            page = person.get("/account/details").text
            assert not any(word in page for word in (*TELLING, *SECRET, "•••• 3000"))
    for address in (
        f"/acme/settings/members/{told.member_id}",
        "/acme/settings/members",
        f"/acme/work/{told.member_id}",
    ):
        page = cast["alice"].get(address).text
        assert not any(word in page for word in (*TELLING, *SECRET))
    with owner.connect() as connection:
        for table in db.metadata.sorted_tables:
            found = connection.execute(sa.text(f"SELECT row_to_json(t)::text FROM {table.name} t")).scalars()
            text = "\n".join(found)
            assert not any(word in text for word in (*TELLING, *SECRET)), table.name


def test_the_statements_that_keep_it_carry_no_plain_word(world: World, bob: Person) -> None:
    seen: list[Any] = []
    enter(None)

    def note(connection: object, cursor: object, statement: str, parameters: object, *rest: object) -> None:
        seen.append(json.dumps([statement, parameters], default=str))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        keep_details(bob.user_id, **SAID)
        db.session.commit()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert seen
    assert not any(word in line for word in (*TELLING, *SECRET) for line in seen)


def test_a_repr_says_nothing() -> None:
    assert "Sorbian" not in repr(Details(ethnicity="Sorbian"))


@pytest.mark.parametrize(
    ("number", "right"),
    [
        (IBAN, True),
        ("GB82WEST12345698765432", True),
        ("GB82WEST12345698765431", False),
        ("DE8937040044", False),
        ("", False),
    ],
)
def test_check_digits(number: str, right: bool) -> None:
    assert is_iban(number) is right


def test_a_short_secret_shows_less_of_itself() -> None:
    assert [masked(text) for text in ("", "1234", "12345678")] == ["", "•••• 4", "•••• 5678"]
