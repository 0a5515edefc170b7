"""Label configurations: read, checked line by line, and proof against what attackers put into XML."""

from __future__ import annotations

import pytest

from app.annotation.config import Broken, Choices, Labels, Rating, Severity, TextArea, check, parse
from app.annotation.config.changes import lost_by
from app.annotation.config.keys import TAKEN
from app.annotation.config.templates import ALL

WHOLE = """<View style="color: red">
  <Header value="Read this" size="2"/>
  <View><Text name="text" value="$text"/></View>
  <Labels name="entity" toName="text">
    <Label value="Person" background="#f00"/>
    <Label value="Place" alias="LOC" hotkey="1"/>
  </Labels>
  <Choices name="mood" toName="text" choice="multiple" required="true" requiredMessage="Say how it sounds.">
    <Choice value="Good" selected="true" hint="Praise"/><Choice value="Bad"/>
  </Choices>
  <TextArea name="why" toName="text" rows="3" maxSubmissions="2" placeholder="Because…"/>
  <Rating name="stars" toName="text" maxRating="3"/>
</View>"""


def said(xml: str, columns: list[str] | None = None) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in check(xml, columns)]


def around(inside: str) -> str:
    return f'<View>\n<Text name="text" value="$text"/>\n{inside}\n</View>'


def test_a_whole_configuration_is_read() -> None:
    config = parse(WHOLE)
    assert said(WHOLE, ["text"]) == []
    assert config.fields == ("text",)
    entity, mood, why, stars = config.controls
    assert isinstance(entity, Labels)
    assert isinstance(mood, Choices)
    assert isinstance(why, TextArea)
    assert isinstance(stars, Rating)
    person, place = entity.options
    assert (person.value, person.colour, place.value, place.text) == ("Person", "#ff0000", "LOC", "Place")
    assert mood.multiple
    assert mood.required
    assert mood.required_message == "Say how it sounds."
    assert (mood.options[0].selected, mood.options[0].hint) == (True, "Praise")
    assert (why.rows, why.most, stars.most) == (3, 2, 3)


def test_keys_that_are_named_go_first_and_the_others_follow() -> None:
    config = parse(WHOLE)
    entity, mood, why, stars = config.controls
    keys = [option.hotkey for option in entity.options]  # type: ignore[union-attr]
    assert keys == ["2", "1"]
    assert [option.hotkey for option in mood.options] == ["3", "4"]  # type: ignore[union-attr]
    assert (why.hotkey, stars.hotkeys) == ("5", ("6", "7", "8"))  # type: ignore[union-attr]


def test_there_are_more_options_than_keys() -> None:
    choices = "".join(f'<Choice value="{number}"/>' for number in range(60))
    config = parse(around(f'<Choices name="c" toName="text">{choices}</Choices>'))
    keys = [option.hotkey for option in config.controls[0].options]  # type: ignore[union-attr]
    given = [key for key in keys if key]
    assert len(set(given)) == len(given)
    assert keys[-1] == ""
    assert not TAKEN & set(given)


@pytest.mark.parametrize(
    ("inside", "line", "says"),
    [
        ('<Choises name="c" toName="text"/>', 3, "There is no tag <Choises>."),
        ('<Image name="i" value="$image"/>', 3, "<Image> is not supported yet."),
        ('<Choice value="A"/>', 3, "<Choice> stands alone; it belongs inside <Choices>."),
        ('<Choices toName="text"><Choice value="A"/></Choices>', 3, "<Choices> has no name."),
        ('<Choices name="c"><Choice value="A"/></Choices>', 3, "does not say what it is about"),
        ('<Choices name="c" toName="txt"><Choice value="A"/></Choices>', 3, "toName is “txt”, but no text has that"),
        ('<Choices name="text" toName="text"><Choice value="A"/></Choices>', 3, "“text” is taken by line 2."),
        ('<Choices name="c" toName="text"></Choices>', 3, "has nothing to pick"),
        (
            '<Choices name="c" toName="text">\n<Choice value="A"/>\n<Choice value="A"/></Choices>',
            5,
            "in line 4 already",
        ),
        (
            '<Choices name="c" toName="text">\n<Choice value="A" hotkey="x"/>\n<Choice value="B" hotkey="X"/>'
            "</Choices>",
            5,
            "The key x is taken by line 4.",
        ),
        ('<Choices name="c" toName="text" choice="some"><Choice value="A"/></Choices>', 3, "choice is “some”"),
        ('<Rating name="r" toName="text" maxRating="1000"/>', 3, "a number from 2 to 10"),
        ('<TextArea name="t" toName="text" required="maybe"/>', 3, "it is true or false"),
        ('<Rating name="1r" toName="text"/>', 3, "is no name"),
        ('<Header value="$headline"/><Rating name="r" toName="text"/>', 3, "The data has no “headline”. It has $text."),
    ],
)
def test_a_fault_is_told_at_its_line(inside: str, line: int, says: str) -> None:
    found = said(around(inside), ["text"])
    assert any(where == line and says in message for where, message in found), found
    if "headline" not in says:
        with pytest.raises(Broken):
            parse(around(inside))


def test_what_is_missing_is_told() -> None:
    messages = " ".join(message for _, message in said("<View/>"))
    assert "There is no text to label." in messages
    assert "Nothing is asked." in messages
    assert said("<Choices/>")[0][1].startswith("The first tag is <Choices>")


def test_what_is_not_supported_yet_is_warned_of_and_does_not_stop() -> None:
    xml = around(
        '<Choices name="c" toName="text" perRegion="true"\n visibleWhen="choice-selected"><Choice value="A"/></Choices>'
    )
    problems = check(xml)
    assert {problem.severity for problem in problems} == {Severity.WARNING}
    assert ["perregion" in problem.message for problem in problems].count(True) == 1
    assert parse(xml).controls


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]>\n<View>&d;</View>', "A DOCTYPE is not allowed"),
        ('<!DOCTYPE View SYSTEM "file:///etc/passwd"><View/>', "A DOCTYPE is not allowed"),
        ("<View>&secret;</View>", "This is no XML"),
        ('<?xml-stylesheet href="x"?><View/>', "Instructions"),
        ("<View>" * 10_000, "nested more than 30 deep"),
        ("<View>" * 40 + "</View>" * 40, "nested more than 30 deep"),
        (f'<View title="{"x" * 1_000_000}"/>', "at most 100,000 fit"),
        (f'<View title="{"x" * 5_000}"/>', "at most 2,000 fit"),
        ("<View>" + "<View/>" * 3_000 + "</View>", "more than 2,000 tags"),
        ("<View><Text></View>", "This is no XML: mismatched tag"),
        ("", "empty"),
        ("<View>\x00</View>", "This is no XML"),
        ("<View>\ud800</View>", "no Unicode text"),
    ],
)
def test_hostile_xml_is_refused_before_it_costs_anything(xml: str, says: str) -> None:
    found = said(xml)
    assert len(found) == 1
    assert says in found[0][1]


def test_lines_and_columns_count_from_one() -> None:
    (problem,) = check('<View>\n<Text name="text" value="$text"/>\n   <Rating name="r" toName="ä"/>\n</View>')
    assert (problem.line, problem.column) == (3, 4)


def test_marks_that_turn_the_direction_do_not_reach_the_page() -> None:
    config = parse(around('<Choices name="c" toName="text"><Choice value="a&#x202E;b"/></Choices>'))
    assert config.controls[0].options[0].text == "ab"  # type: ignore[union-attr]


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.name)
def test_templates_fit_their_samples(template: object) -> None:
    assert check(template.xml, list(template.sample)) == []  # type: ignore[attr-defined]


def test_a_change_tells_what_annotations_lose() -> None:
    old = parse(WHOLE)
    fewer = WHOLE.replace('<Choice value="Bad"/>', "").replace('maxRating="3"', 'maxRating="2"')
    lost = lost_by(old, parse(fewer))
    assert [one.says for one in lost] == ["“Bad” of “mood” is gone", "“stars” has no 3 stars"]
    assert lost[0].pattern == [{"from_name": "mood", "value": {"choices": ["Bad"]}}]
    renamed = lost_by(old, parse(WHOLE.replace('name="why"', 'name="because"')))
    assert [one.says for one in renamed] == ["“why” is no longer asked"]
    assert lost_by(old, old) == []
