"""From elements to a configuration: what each tag and attribute means, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from app.annotation.config.keys import AUTOMATIC, TAKEN
from app.annotation.config.nodes import (
    Choices,
    Control,
    Header,
    LabelConfig,
    Labels,
    Node,
    Option,
    Rating,
    TextArea,
    TextObject,
    View,
)
from app.annotation.config.reading import Broken, Element, Problem, Severity, read

NAME_MOST, OPTION_MOST, OPTIONS_MOST, STARS_MOST, ROWS_MOST, TEXTS_MOST = 60, 200, 500, 10, 40, 100
_NAME = re.compile(r"[^\W\d][\w.-]*", re.ASCII)
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_HUES = 8


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: How things look in Label Studio. Here the look is ours, so these do nothing, and nobody needs to hear of it.
_LOOKS = _words(
    "style classname size underline strokewidth opacity fillopacity fillcolor strokecolor layout icon highlightcolor"
    " granularity showlabels showhotkeys displaymode label"
)
#: What each tag reads; other attributes are warned of.
_READ = {
    "view": frozenset[str](),
    "header": frozenset({"value", "name"}),
    "text": frozenset({"name", "value", "valuetype", "savetextresult", "encoding"}),
    "choices": _words("name toname choice required requiredmessage showinline"),
    "choice": _words("value alias hotkey selected hint"),
    "labels": _words("name toname choice required requiredmessage showinline"),
    "label": _words("value alias hotkey selected hint background"),
    "textarea": _words("name toname rows maxsubmissions required requiredmessage placeholder value hotkey")
    | {"editable", "transcription", "showsubmitbutton"},
    "rating": _words("name toname maxrating required requiredmessage hotkey"),
}
#: Label Studio's tags that we do not know yet.
_LATER = _words(
    "audio audioplus video image hypertext paragraphs timeseries timeserieslabels table list chat pdf repeater"
    " rectanglelabels rectangle polygonlabels polygon keypointlabels keypoint brushlabels brush ellipselabels ellipse"
    " hypertextlabels paragraphlabels videorectangle timelinelabels number datetime taxonomy pairwise ranker relations"
    " relation shortcut filter collapse style dialog pagination bucket magicwand"
)


def parse(xml: str) -> LabelConfig:
    """The configuration that a text is. Raises Broken."""
    builder = Builder(None)
    config = builder.build(read(xml))
    if errors := [problem for problem in by_line(builder.problems) if problem.severity is Severity.ERROR]:
        raise Broken(errors)
    return config


def check(xml: str, columns: Collection[str] | None = None) -> list[Problem]:
    """All that is wrong, by line. With the `columns` of the data, also fields that are not there."""
    builder = Builder(columns)
    try:
        builder.build(read(xml))
    except Broken as broken:
        return broken.problems
    return by_line(builder.problems)


def by_line(problems: list[Problem]) -> list[Problem]:
    """In the order of the text; where several stand at one place, in the order they were found."""
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


class Builder:
    """Builds one configuration and gathers its problems."""

    def __init__(self, columns: Collection[str] | None) -> None:
        self.columns = columns
        self.problems: list[Problem] = []
        self.objects: list[tuple[TextObject, Element]] = []
        self.controls: list[tuple[Control, Element]] = []
        self.names: dict[str, Element] = {}
        #: {key: the element that asked for it}
        self.keys: dict[str, Element] = {}

    def build(self, root: Element) -> LabelConfig:
        if root.tag != "view":
            self._error(root, f"The first tag is <{root.written}>; it must be <View>, around everything else.")
        self._claim_keys(root)
        view = View(tuple(self._nodes(root)))
        if not self.objects:
            self._error(root, 'There is no text to label. Add <Text name="text" value="$text"/>.')
        if not self.controls:
            self._error(root, "Nothing is asked. Add <Choices>, <Labels>, <TextArea> or <Rating>.")
        for control, element in self.controls:
            self._check_target(control, element)
        return LabelConfig(
            view, tuple(found for found, _ in self.objects), tuple(control for control, _ in self.controls)
        )

    def _nodes(self, element: Element) -> list[Node]:
        return [node for child in element.children if (node := self._node(child)) is not None]

    def _node(self, element: Element) -> Node | None:
        make = _MAKERS.get(element.tag)
        if make is None:
            self._unknown(element)
            return None
        self._check_attributes(element)
        return make(self, element)

    def _unknown(self, element: Element) -> None:
        if element.tag in ("choice", "label"):
            around = "Choices" if element.tag == "choice" else "Labels"
            self._error(element, f"<{element.written}> stands alone; it belongs inside <{around}>.")
        elif element.tag == "style":
            self._warn(element, "<Style> is left out: the look of the page is ours.")
        elif element.tag in _LATER:
            self._error(element, f"<{element.written}> is not supported yet.")
        else:
            self._error(element, f"There is no tag <{element.written}>.")

    def _check_attributes(self, element: Element) -> None:
        for name in element.attributes:
            if name not in _READ[element.tag] and name not in _LOOKS:
                self._warn(element, f"“{name[:40]}” on <{element.written}> is not supported yet and does nothing.")

    # Tags

    def _view(self, element: Element) -> Node:
        return View(tuple(self._nodes(element)))

    def _header(self, element: Element) -> Node:
        value = element.attributes.get("value", "")
        if not value:
            self._error(element, 'The heading says nothing. Give it value="…".')
        self._check_field(element, value)
        return Header(value, self._number(element, "size", 4, 1, 5))

    def _text(self, element: Element) -> Node:
        value = element.attributes.get("value", "")
        if not value:
            self._error(element, 'This text has no value. Say which column holds it: value="$text".')
        if element.attributes.get("valuetype", "text") != "text":
            self._error(element, "Texts from addresses (valueType) are not supported; import the text itself.")
        self._check_field(element, value)
        made = TextObject(self._name(element), value)
        self.objects.append((made, element))
        return made

    def _choices(self, element: Element) -> Node:
        how = element.attributes.get("choice", "single").lower()
        if how not in ("single", "single-radio", "multiple"):
            self._error(element, f"choice is “{how[:40]}”; it is single, single-radio or multiple.")
        made = Choices(
            **self._asked(element),
            options=self._options(element, "choice"),
            multiple=how == "multiple",
            inline=self._flag(element, "showinline"),
        )
        if not made.multiple and sum(option.selected for option in made.options) > 1:
            self._error(element, "Several choices are selected, and only one may be picked.")
        return self._control(made, element)

    def _labels(self, element: Element) -> Node:
        how = element.attributes.get("choice", "single").lower()
        if how not in ("single", "multiple"):
            self._error(element, f"choice is “{how[:40]}”; it is single or multiple.")
        options = self._options(element, "label")
        inline = self._flag(element, "showinline", default=True)
        return self._control(
            Labels(**self._asked(element), options=options, multiple=how == "multiple", inline=inline), element
        )

    def _textarea(self, element: Element) -> Node:
        value = element.attributes.get("value", "")
        self._check_field(element, value)
        made = TextArea(
            **self._asked(element),
            rows=self._number(element, "rows", 1, 1, ROWS_MOST),
            most=self._number(element, "maxsubmissions", 20, 1, TEXTS_MOST),
            placeholder=element.attributes.get("placeholder", ""),
            value=value,
            hotkey=self._key(element),
        )
        return self._control(made, element)

    def _rating(self, element: Element) -> Node:
        most = self._number(element, "maxrating", 5, 2, STARS_MOST)
        keys = tuple(self._free_key() for _ in range(most))
        return self._control(Rating(**self._asked(element), most=most, hotkeys=keys), element)

    # Their parts

    def _control(self, made: Control, element: Element) -> Control:
        self.controls.append((made, element))
        for child in element.children:
            if child.tag not in ("choice", "label"):
                self._error(child, f"<{child.written}> cannot stand inside <{element.written}>.")
        return made

    def _asked(self, element: Element) -> dict[str, Any]:
        to_name = element.attributes.get("toname", "")
        if not to_name:
            self._error(element, f'<{element.written}> does not say what it is about. Add toName="text".')
        return {
            "name": self._name(element),
            "to_name": to_name,
            "required": self._flag(element, "required"),
            "required_message": element.attributes.get("requiredmessage", "")[:OPTION_MOST],
        }

    def _name(self, element: Element) -> str:
        name = element.attributes.get("name", "")
        if not name:
            self._error(element, f'<{element.written}> has no name. Add name="…".')
        elif len(name) > NAME_MOST or not _NAME.fullmatch(name):
            self._error(
                element, f"“{name[:NAME_MOST]}” is no name: up to {NAME_MOST} letters, digits, - and _, a letter first."
            )
        elif name in self.names:
            self._error(element, f"“{name}” is taken by line {self.names[name].line}. Every name is used once.")
        self.names.setdefault(name, element)
        return name

    def _options(self, element: Element, tag: str) -> tuple[Option, ...]:
        wanted = [child for child in element.children if child.tag == tag]
        if not wanted:
            self._error(element, f"<{element.written}> has nothing to pick. Put <{tag.title()}> tags inside.")
        if len(wanted) > OPTIONS_MOST:
            self._error(element, f"<{element.written}> has {len(wanted):,} options; at most {OPTIONS_MOST} fit.")
        made: list[Option] = []
        lines: dict[str, int] = {}
        for place, child in enumerate(wanted[:OPTIONS_MOST]):
            option = self._option(child, place)
            if option.value in lines:
                self._error(child, f"“{option.value[:60]}” stands in line {lines[option.value]} already.")
            lines.setdefault(option.value, child.line)
            made.append(option)
        for child in element.children:
            if child.tag != tag and child.tag in ("choice", "label"):
                self._error(child, f"<{child.written}> does not belong inside <{element.written}>.")
        return tuple(made)

    def _option(self, element: Element, place: int) -> Option:
        self._check_attributes(element)
        for child in element.children:
            self._error(child, f"<{child.written}> inside <{element.written}>: nested options are not supported yet.")
        text = element.attributes.get("value", "")
        if not text:
            self._error(element, f'<{element.written}> says nothing. Give it value="…".')
        if text.startswith("$"):
            self._error(element, "Options that come from the data ($…) are not supported yet.")
        value = element.attributes.get("alias") or text
        for said in (text, value):
            if len(said) > OPTION_MOST:
                self._error(element, f"An option has at most {OPTION_MOST} characters; this one has {len(said)}.")
        colour = element.attributes.get("background", "")
        hexadecimal = _COLOUR.fullmatch(colour)
        if colour and not hexadecimal and not colour.isalpha():
            self._warn(element, f"“{colour[:40]}” is no colour we know; another is taken. Write #rrggbb.")
        return Option(
            value,
            text,
            self._key(element),
            place % _HUES + 1,
            _long(colour) if hexadecimal else None,
            element.attributes.get("hint", ""),
            self._flag(element, "selected"),
        )

    def _check_target(self, control: Control, element: Element) -> None:
        if control.to_name and control.to_name not in {found.name for found, _ in self.objects}:
            self._error(element, f"toName is “{control.to_name[:60]}”, but no text has that name.")

    def _check_field(self, element: Element, value: str) -> None:
        if not value.startswith("$"):
            return
        if not value[1:]:
            self._error(element, "A $ needs the name of a column behind it: $text.")
        elif self.columns is not None and value[1:] not in self.columns:
            known = ", ".join(f"${name}" for name in sorted(self.columns)[:8])
            self._error(element, f"The data has no “{value[1:][:60]}”." + (f" It has {known}." if known else ""))

    def _flag(self, element: Element, name: str, *, default: bool = False) -> bool:
        said = element.attributes.get(name)
        if said is None:
            return default
        if said.lower() not in ("true", "false"):
            self._error(element, f"{name} is “{said[:40]}”; it is true or false.")
        return said.lower() == "true"

    def _number(self, element: Element, name: str, default: int, least: int, most: int) -> int:
        said = element.attributes.get(name)
        if said is None:
            return default
        if not (said.isascii() and said.isdecimal() and len(said) < 9 and least <= int(said) <= most):
            self._error(element, f"{name} is “{said[:40]}”; it is a number from {least} to {most}.")
            return default
        return int(said)

    # Keys

    def _claim_keys(self, root: Element) -> None:
        """Keys that the configuration names go first, wherever they stand."""
        waiting = [root]
        while waiting:
            element = waiting.pop(0)
            waiting[:0] = element.children
            key = element.attributes.get("hotkey", "").lower()
            if not key or "hotkey" not in _READ.get(element.tag, ()):
                continue
            if len(key) != 1 or not key.isascii() or not key.isalnum():
                self._warn(element, f"The key “{key[:20]}” cannot be used; another is given. Use a letter or a digit.")
            elif key in TAKEN:
                self._warn(element, f"The key {key} means something else on the page; another is given.")
            elif key in self.keys:
                self._error(element, f"The key {key} is taken by line {self.keys[key].line}.")
            else:
                self.keys[key] = element

    def _key(self, element: Element) -> str:
        said = element.attributes.get("hotkey", "").lower()
        return said if self.keys.get(said) is element else self._free_key(element)

    def _free_key(self, element: Element | None = None) -> str:
        key = next((key for key in AUTOMATIC if key not in self.keys), "")
        if key:
            self.keys[key] = element or Element("", "", {}, 0, 0)
        return key

    # Problems

    def _error(self, element: Element, message: str) -> None:
        self.problems.append(Problem(element.line, element.column, message))

    def _warn(self, element: Element, message: str) -> None:
        self.problems.append(Problem(element.line, element.column, message, Severity.WARNING))


_MAKERS: dict[str, Callable[[Builder, Element], Node]] = {
    "view": Builder._view,
    "header": Builder._header,
    "text": Builder._text,
    "choices": Builder._choices,
    "labels": Builder._labels,
    "textarea": Builder._textarea,
    "rating": Builder._rating,
}


def _long(colour: str) -> str:
    """`#abc` as `#aabbcc`."""
    digits = colour[1:].lower()
    return f"#{''.join(digit * 2 for digit in digits) if len(digits) == 3 else digits}"
