"""A table as a person brings it in: through the pages, with the jobs in between."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from typing import Any

from app.dashboards.models import Source
from app.kernel.database import db
from app.kernel.tenancy import organization
from tests.world import Person, World

SALES = """Month,Region,Product,Orders,Revenue,Paid
2026-01-01,North,Express,4,100.50,yes
2026-01-01,South,Express,2,50.25,no
2026-02-01,North,Storage,1,10,yes
2026-02-01,South,Express,3,75,yes
2026-03-01,North,Express,6,150,
"""


def upload(person: Person, text: str | bytes, name: str = "sales.csv", **fields: Any) -> str:
    """Upload a file as a new source. The address of the page where its columns are confirmed."""
    raw = text.encode() if isinstance(text, str) else text
    answer = person.post("/acme/sources", {"file": (io.BytesIO(raw), name), **fields})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def upload_again(person: Person, number: int, text: str, name: str = "more.csv") -> str:
    answer = person.post(f"/acme/sources/{number}/files", {"file": (io.BytesIO(text.encode()), name)})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def choices(person: Person, address: str) -> list[str]:
    """What the page about columns proposes, in their order."""
    selects = re.findall(r'<select class="input" id="kind-\d+".*?</select>', person.get(address).text, re.S)
    return [html.unescape(re.findall(r'value="([^"]*)" selected', select)[0]) for select in selects]


def load(person: Person, address: str, work: Callable[[], None], kinds: list[str] | None = None, **fields: str) -> str:
    """Confirm the columns and have the jobs done. The page after it."""
    sent = {"kind": kinds or choices(person, address), "timezone": "UTC", **fields}
    answer = person.post(f"{address}/columns", sent)
    assert answer.status_code == 303, answer.text
    work()
    return person.get(address).text


def source_of(world: World, number: int = 1) -> Source:
    """The row, detached."""
    with world.app.app_context(), organization(world.organization_id):
        found = db.session.query(Source).filter_by(number=number).one()
        db.session.expunge_all()
    return found
