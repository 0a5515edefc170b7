"""Files that are sent ahead and never said anything with: nobody fills everybody's room with them."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select

from app.discussions.commands import attachments
from app.discussions.models import Attachment
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.desk.conftest import opened, support, ticket  # noqa: F401 - fixtures
from tests.world import Person, World


def test_a_customer_has_only_so_many_waiting(
    world: World,
    ticket,  # noqa: F811
    carol: Person,
    anna: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attachments, "WAITING_MOST", 3)

    def send(person: Person) -> int:
        sent = {"files": (io.BytesIO(b"x"), "a.txt")}
        return person.post(f"/acme/ticket/{ticket.id}/uploads", sent).status_code

    assert [send(carol) for _ in range(5)] == [200, 200, 200, 422, 422]
    assert send(anna) == 200, "others are not kept from theirs"
    with organization(world.organization_id):
        mine = Attachment.uploaded_by_id == carol.member_id
        assert db.session.scalar(select(func.count()).select_from(Attachment).where(mine)) == 3
        first = db.session.scalars(select(Attachment.id).where(mine).order_by(Attachment.id).limit(1)).one()
    reply = f"/acme/portal/tickets/{ticket.number}/replies"
    assert carol.post(reply, {"body": "Here", "attachments": first}).status_code == 303
    assert send(carol) == 200
