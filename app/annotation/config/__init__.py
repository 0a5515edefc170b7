"""Label configurations: Label Studio's XML, in small, checked line by line; and the results that fit one.

`parse(xml)` gives a `LabelConfig` or raises `Broken`; `check(xml)` lists every problem with its line; `check_result`
says what is wrong with an annotation. Nothing of a configuration or of a task's data is ever markup: it is text.

Offsets of spans count UTF-16 code units of the shown text, as browsers and Label Studio do, so that annotations travel
unchanged between the three. `spans.cut` is how Python reads them; an offset inside a surrogate pair is refused.
"""

from app.annotation.config.building import check, parse
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
from app.annotation.config.reading import Broken, Problem, Severity
from app.annotation.config.results import check_result, tidy_result
from app.annotation.config.spans import cut, length, shown_text

__all__ = [
    "Broken",
    "Choices",
    "Control",
    "Header",
    "LabelConfig",
    "Labels",
    "Node",
    "Option",
    "Problem",
    "Rating",
    "Severity",
    "TextArea",
    "TextObject",
    "View",
    "check",
    "check_result",
    "cut",
    "length",
    "parse",
    "shown_text",
    "tidy_result",
]
