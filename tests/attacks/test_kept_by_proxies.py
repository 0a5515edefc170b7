"""Nothing that is somebody's is kept on the way to them, whatever it is and whatever its address looks like."""

from __future__ import annotations

import io

from tests.world import Person, World


def test_only_static_files_are_kept(world: World, alice: Person, mallory: Person) -> None:
    issue = world.issue()
    file = (io.BytesIO(b"title\nPrinter on fire\n"), "issues.csv")
    made = alice.post("/acme/projects/WEB/imports", {"file": file}, content_type="multipart/form-data").location
    answers = [
        alice.get(f"{made}/report.csv", buffered=True),
        alice.get(f"/acme/issues/WEB-{issue.number}"),
        alice.get("/healthz"),
        alice.get("/acme/issues/WEB-999.css"),
        mallory.get(f"{made}/report.csv", headers={"HX-Request": "true"}),
        alice.post("/acme/projects/WEB/board/moves", {"ids": "x"}, htmx=True),
        alice.get("/live?list=&seen="),
        alice.post("/acme/drafts", {"key": "a", "body": "{}"}),
    ]
    assert {answer.headers.get("Cache-Control") for answer in answers} == {"no-store"}
    assert {answer.headers["X-Content-Type-Options"] for answer in answers} == {"nosniff"}
