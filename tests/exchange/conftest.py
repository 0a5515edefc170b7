"""A file is uploaded, mapped and imported as a person does it: through the pages, with the jobs in between."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.world import Person, World

IMPORTS = "/acme/projects/WEB/imports"


@dataclass
class Desk:
    """Somebody who imports, and the jobs that wait."""

    person: Person
    work: Callable[[], None]

    def upload(self, data: bytes | str, name: str = "issues.csv") -> TestResponse:
        raw = data.encode() if isinstance(data, str) else data
        return self.person.post(IMPORTS, {"file": (io.BytesIO(raw), name)})

    def uploaded(self, data: bytes | str, name: str = "issues.csv") -> str:
        """The address of the new import."""
        answer = self.upload(data, name)
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def mapping(self, address: str, **values: Any) -> TestResponse:
        """Send the mapping screen as it stands, but for `values`."""
        form = fields_of(self.person.get(f"{address}/mapping").text)
        return self.person.post(f"{address}/mapping", {**form, **values})

    def check(self, address: str, **values: Any) -> str:
        """Confirm the mapping and perform the dry run. The page after it."""
        answer = self.mapping(address, **values)
        assert answer.status_code == 303, answer.text
        self.work()
        return self.person.get(address).text

    def run(self, address: str) -> str:
        """Import what was checked. The page after it."""
        assert self.person.post(f"{address}/run").status_code == 303
        self.work()
        return self.person.get(address).text

    def imported(self, data: bytes | str, **values: Any) -> str:
        """Upload, confirm, import. The last page."""
        address = self.uploaded(data)
        self.check(address, **values)
        return self.run(address)


def fields_of(html: str) -> dict[str, Any]:
    """What a browser would send of the mapping form."""
    form: dict[str, Any] = {}
    for name, body in re.findall(r'<select class="input" [^>]*?name="(\w+)".*?>(.*?)</select>', html, re.S):
        options = re.findall(r"<option([^>]*)>", body)
        chosen = next((option for option in options if "selected" in option), options[0])
        value = re.search(r'value="([^"]*)"', chosen)
        _put(form, name, value[1] if value else "")
    for name, value in re.findall(r'<input type="hidden" name="(\w+_from)" value="([^"]*)"', html):
        _put(form, name, value)
    if "checked" in re.findall(r'<input[^>]*name="create_labels"[^>]*>', html)[0]:
        form["create_labels"] = "y"
    return form


def _put(form: dict[str, Any], name: str, value: str) -> None:
    if name.endswith(("_from", "_to")):
        form.setdefault(name, []).append(value)
    else:
        form[name] = value


@pytest.fixture
def desk(world: World, bob: Person, work: Callable[[], None]) -> Desk:
    """Bob imports into WEB."""
    return Desk(bob, work)
