"""What no page of ours would send: numbers that no column holds, addresses that no browser has been at."""

from __future__ import annotations

import pytest

from tests.world import Person, World

_HUGE = ("9" * 30, "-" + "9" * 30, "9" * 4300, "\u0663", "1e9", "NaN", "")
_QUERIES = (
    "/acme/changes?before=",
    "/acme/changes?until=",
    "/acme/settings/mail?below=",
    "/acme/projects/WEB/imports?below=",
    "/acme/projects/WEB/board?label=",
    "/acme/projects/WEB/board?assignee=",
    "/acme/projects/WEB/board?q=",
    "/acme/palette?q=WEB-",
    "/acme/settings/members?after=a~",
    "/acme/projects/WEB/issues/new?state=",
)


@pytest.mark.parametrize("address", _QUERIES)
def test_a_number_that_nothing_has_is_as_good_as_none(alice: Person, address: str) -> None:
    for number in _HUGE:
        assert alice.get(address + number).status_code == 200, number[:40]


@pytest.mark.parametrize("version", ["2147483648", "9" * 30, "-1", "0", "\u0663"])
def test_versions_that_never_were(world: World, bob: Person, version: str) -> None:
    issue = world.issue(body="Smoke.")
    assert bob.post(f"/acme/issues/WEB-{issue.number}/versions", {"version": version}).status_code == 422
    sent = {"version": version, "title": "Taken over", "body": ""}
    assert bob.post(f"/acme/issues/WEB-{issue.number}", sent).status_code == 422


@pytest.mark.parametrize("address", ["http://[", "//[::1", "http://]/", "http://\uff0e\u2100/", "\\\\", "a" * 5000])
def test_a_page_at_no_address(world: World, bob: Person, address: str) -> None:
    issue, sent = world.issue(), {"HX-Current-URL": address.encode().decode("latin-1")}
    answer = bob.post("/acme/projects/WEB/issues/priority", {"ids": issue.id, "priority": "3"}, htmx=True, headers=sent)
    assert answer.status_code == 200
