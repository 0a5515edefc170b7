"""Results held against a configuration and a text; offsets that survive emoji and right-to-left text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotation.config import check_result, cut, length, parse, shown_text, tidy_result

CONFIG = parse("""<View>
  <Text name="text" value="$text"/>
  <Labels name="entity" toName="text"><Label value="Person"/><Label value="Place"/></Labels>
  <Choices name="mood" toName="text" required="true"><Choice value="Good"/><Choice value="Bad"/></Choices>
  <Choices name="topics" toName="text" choice="multiple"><Choice value="A"/><Choice value="B"/></Choices>
  <TextArea name="why" toName="text" maxSubmissions="2"/>
  <Rating name="stars" toName="text" maxRating="3"/>
</View>""")
FAMILY = "👩\u200d👩\u200d👧"
TEXT = f"Hi {FAMILY}! שלום לך, Ada"
GOOD = {"id": "m", "from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["Good"]}}


def entry(name: str, kind: str, value: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "x", "from_name": name, "to_name": "text", "type": kind, "value": value, **more}


def span(start: int, end: int, text: str, label: str = "Person") -> dict[str, Any]:
    return entry("entity", "labels", {"start": start, "end": end, "text": text, "labels": [label]})


def faults(*entries: Any, complete: bool = True) -> list[str]:
    return check_result(CONFIG, list(entries), {"text": TEXT}, complete=complete)


def test_offsets_count_as_browsers_do() -> None:
    assert length(FAMILY) == 8
    assert len(FAMILY) == 5
    assert faults(GOOD, span(3, 11, FAMILY)) == []
    hebrew = TEXT.index("שלום") + 3  # three characters before it have two code units
    assert faults(GOOD, span(hebrew, hebrew + 4, "שלום", "Place")) == []
    assert "not what stands there" in faults(GOOD, span(3, 8, FAMILY))[0]


def test_half_a_character_is_refused() -> None:
    assert cut(TEXT, 4, 11) is None
    assert "cuts a character in two" in faults(GOOD, span(4, 11, FAMILY))[0]


@given(st.text(max_size=60), st.data())
def test_every_stretch_of_any_text_is_cut_as_python_cuts_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert cut(text, length(text[:start]), length(text[:end])) == text[start:end]
    assert cut(text, 0, length(text) + 1) is None


def test_line_ends_are_those_of_the_browser() -> None:
    assert shown_text("$text", {"text": "a\r\nb\rc"}) == "a\nb\nc"
    assert shown_text("$gone", {}) == ""
    assert shown_text("$n", {"n": 7}) == "7"
    assert shown_text("as it is", {}) == "as it is"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("no list", "A result is a list of objects."),
        ([7], "A result is a list of objects."),
        ([{"id": "a"}], "An entry lacks from_name, to_name, type, value."),
        ([{**GOOD, "score": 1}], "which means nothing here"),
        ([{**GOOD, "id": "<b>"}], "An id is up to 60 letters"),
        ([{**GOOD, "id": 7}], "An id is up to 60 letters"),
        ([{**GOOD, "from_name": "gone"}], "There is no control “gone”."),
        ([{**GOOD, "from_name": ["mood"]}], "There is no control"),
        ([{**GOOD, "to_name": "other"}], "“mood” is a choices about “text”."),
        ([{**GOOD, "type": "labels"}], "“mood” is a choices about “text”."),
        ([{**GOOD, "value": {"choices": ["Ugly"]}}], "“Ugly” is not among the options"),
        ([{**GOOD, "value": {"choices": ["Good", "Bad"]}}], "“mood” takes one."),
        ([{**GOOD, "value": {"choices": []}}], "not empty"),
        ([{**GOOD, "value": {"choices": "Good"}}], "is a list of texts"),
        ([{**GOOD, "value": {"choices": ["Good"], "html": "<script>"}}], "has exactly choices"),
        ([GOOD, GOOD], "stands there twice"),
        ([GOOD, {**GOOD, "id": "n"}], "“mood” is answered twice."),
        ([GOOD, entry("topics", "choices", {"choices": ["A", "A"]})], "names something twice"),
        ([GOOD, span(0, 10_000, "x")], "lies outside of the text"),
        ([GOOD, span(-1, 2, "x")], "lies outside of the text"),
        ([GOOD, span(2, 2, "")], "a larger end"),
        (
            [GOOD, entry("entity", "labels", {"start": "0", "end": 2, "text": "Hi", "labels": ["Person"]})],
            "whole numbers",
        ),
        (
            [GOOD, entry("entity", "labels", {"start": True, "end": 2, "text": "i", "labels": ["Person"]})],
            "whole numbers",
        ),
        ([GOOD, span(0, 2, "Hi", "Thing")], "“Thing” is not among the options"),
        ([GOOD, entry("stars", "rating", {"rating": 4})], "from 1 to 3"),
        ([GOOD, entry("stars", "rating", {"rating": 2.5})], "from 1 to 3"),
        ([GOOD, entry("why", "textarea", {"text": ["a", "b", "c"]})], "at most 2"),
        ([GOOD, entry("why", "textarea", {"text": [" "]})], "none of them empty"),
        ([GOOD, entry("why", "textarea", {"text": ["x" * 20_001]})], "longer than 20,000"),
        ([GOOD, entry("why", "textarea", {"text": ["nul \x00"]})], "cannot be stored"),
        ([GOOD, entry("why", "textarea", {"text": ["half \ud83d"]})], "larger than 1 MB"),
        ([{**GOOD, "id": str(number)} for number in range(2_001)], "at most 2,000 fit"),
    ],
)
def test_what_does_not_fit_is_told(wrong: Any, says: str) -> None:
    found = check_result(CONFIG, wrong, {"text": TEXT})
    assert any(says in sentence for sentence in found[:1]), found


def test_a_required_answer_may_be_missing_from_a_draft_alone() -> None:
    assert faults() == ["“mood” needs an answer."]
    assert faults(complete=False) == []


def test_results_from_elsewhere_are_tidied() -> None:
    foreign = [
        {**GOOD, "score": 0.3, "readonly": False, "origin": "someone"},
        {**span(0, 2, "Hi"), "value": {"start": 0, "end": 2, "labels": ["Person"], "globalOffsets": {}}},
        entry("why", "textarea", {"text": "as a text"}) | {"id": "y"},
    ]
    tidy = tidy_result(CONFIG, foreign, {"text": TEXT})
    assert check_result(CONFIG, tidy, {"text": TEXT}) == []
    assert tidy[1]["value"] == {"start": 0, "end": 2, "labels": ["Person"], "text": "Hi"}
    assert tidy_result(CONFIG, "nonsense", {}) == "nonsense"
    assert tidy_result(CONFIG, [3], {}) == [3]
