"""SVG that may stand in our pages: what is not on the list goes, colours become classes or fixed ones."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree

from app.adapters.press import NotDrawn
from app.dashboards.drawing.specs import AXIS, GRID, MUTED, SERIES, TEXT

_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset({"svg", "g", "path", "rect", "line", "text", "tspan", "circle"})
_ATTRIBUTES = frozenset(
    {
        "d", "transform", "x", "y", "x1", "y1", "x2", "y2", "r", "cx", "cy", "dx", "dy", "width", "height", "viewBox",
        "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
        "opacity", "fill-opacity", "stroke-opacity", "font-size", "font-weight", "text-anchor", "dominant-baseline",
        "display",
    }
)  # fmt: skip
#: What stands in for a colour -> the end of its class, `fill-1`.
_NAMES = {colour: str(number) for number, colour in enumerate(SERIES, 1)} | {
    TEXT: "text", MUTED: "muted", GRID: "grid", AXIS: "axis",
}  # fmt: skip
#: The light theme's colours, for what has no theme: mail, PDF.
_FIXED = {
    "1": "#2b55b9", "2": "#ca7b28", "3": "#03a09f", "4": "#932c6b", "5": "#9277e8", "6": "#292721",
    "text": "#23201b", "muted": "#625f57", "grid": "#e4e3df", "axis": "#d0cdc9",
}  # fmt: skip
FONTS = "Liberation Sans, Helvetica, Arial, Noto Sans, DejaVu Sans, sans-serif"


def themed(drawn: bytes) -> str:
    """To stand in a page: classes for colours, no style, no name, nothing that runs or leads anywhere."""
    root = _cleaned(drawn)
    for element in root.iter():
        classes = []
        for painted in ("fill", "stroke"):
            name = _NAMES.get(element.attrib.get(painted, ""))
            if name:
                del element.attrib[painted]
                classes.append(f"{painted}-{name}")
        if classes:
            element.set("class", " ".join(classes))
    root.set("class", "drawn")
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return _text(root)


def fixed(drawn: bytes) -> str:
    """To stand on its own: the light theme's colours, on white."""
    root = _cleaned(drawn)
    for element in root.iter():
        for painted in ("fill", "stroke"):
            name = _NAMES.get(element.attrib.get(painted, ""))
            if name:
                element.set(painted, _FIXED[name])
    root.set("font-family", FONTS)
    width, height = root.get("width", "0"), root.get("height", "0")
    root.insert(0, ElementTree.Element(f"{{{_SVG}}}rect", {"width": width, "height": height, "fill": "#ffffff"}))
    return _text(root)


def _cleaned(drawn: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in drawn or b"<!ENTITY" in drawn:
        raise NotDrawn("This cannot be drawn.")
    try:
        root = ElementTree.fromstring(drawn)  # noqa: S314 - no entities: they are refused above
    except ElementTree.ParseError as error:
        raise NotDrawn("This cannot be drawn.") from error
    if _name(root) != "svg":
        raise NotDrawn("This cannot be drawn.")
    _clean(root)
    return root


def _clean(element: ElementTree.Element) -> None:
    element.attrib = _kept(element.attrib)
    for child in list(element):
        if _name(child) in _ELEMENTS:
            _clean(child)
        else:
            element.remove(child)


def _kept(attributes: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in attributes.items()
        if name in _ATTRIBUTES and "url(" not in value.lower() and "javascript:" not in value.lower()
    }


def _name(element: ElementTree.Element) -> str:
    return element.tag.removeprefix(f"{{{_SVG}}}") if isinstance(element.tag, str) else ""


def _text(root: ElementTree.Element) -> str:
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")
