"""Questions that no builder of ours would send."""

from __future__ import annotations

import pytest

from tests.world import Person


@pytest.mark.parametrize(
    "ask",
    [
        '{"source": ' + "9" * 5000 + "}",
        "[" * 9000,
        '{"source": NaN}',
        '{"dataset": "\\ud800"}',
        '{"dataset": "issues\\u0000"}',
        '{"dataset": "issues", "measures": [[["count"], null]]}',
        "[]",
        "",
    ],
)
def test_what_is_no_question_is_not_kept(alice: Person, ask: str) -> None:
    assert alice.post("/acme/questions", {"name": "Forged", "ask": ask, "chart": ""}).status_code == 422
