"""How an answer is drawn: the settings of questions and widgets, as JSON with one schema."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.dashboards.asks import Ask
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _

#: Characters of a unit.
UNIT_MOST = 12


class Kind(StrEnum):
    TABLE = "table"
    BAR = "bar"
    LINE = "line"
    METRIC = "metric"

    @property
    def label(self) -> str:
        return {"table": "Table", "bar": "Bars", "line": "Lines", "metric": "Figure"}[self.value]


class Good(StrEnum):
    """Which way of a figure is good; without one a trend has no colour."""

    UP = "up"
    DOWN = "down"
    NEITHER = ""


@dataclass(frozen=True)
class Chart:
    """`stacked` and `sideways` are of bars, `good` of a figure; `unit` stands behind numbers."""

    kind: Kind = Kind.TABLE
    stacked: bool = False
    sideways: bool = False
    unit: str = ""
    good: Good = Good.NEITHER

    @classmethod
    def from_json(cls, value: Any) -> Chart:
        """The chart that JSON holds; `{}` is a table. Raises Invalid for anything that is not exactly one."""
        try:
            if unknown := value.keys() - {"kind", "stacked", "sideways", "unit", "good"}:
                raise ValueError(f"unknown: {sorted(unknown)}")
            unit, stacked, sideways = value.get("unit", ""), value.get("stacked", False), value.get("sideways", False)
            if type(unit) is not str or len(unit) > UNIT_MOST or not unit.isprintable():
                raise ValueError("unit")
            if type(stacked) is not bool or type(sideways) is not bool:
                raise ValueError("neither true nor false")
            return cls(Kind(value.get("kind", "table")), stacked, sideways, unit, Good(value.get("good", "")))
        except (AttributeError, TypeError, ValueError) as error:
            raise Invalid(_("These chart settings cannot be read. Choose a chart again."), "chart") from error

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "stacked": self.stacked,
            "sideways": self.sideways,
            "unit": self.unit,
            "good": self.good.value,
        }


def suggested(ask: Ask) -> Chart:
    """What suits an ask: lines over time, bars by anything else, a figure when there is only one."""
    if not ask.dimensions:
        return Chart(Kind.METRIC if len(ask.measures) == 1 else Kind.TABLE)
    if not ask.measures or len(ask.dimensions) > 2:
        return Chart(Kind.TABLE)
    return Chart(Kind.LINE if ask.dimensions[0].bucket else Kind.BAR, stacked=len(ask.dimensions) == 2)


#: (width, height) on the grid that a new widget of each kind gets.
SIZES: dict[Kind, tuple[int, int]] = {Kind.METRIC: (3, 2), Kind.BAR: (6, 4), Kind.LINE: (6, 4), Kind.TABLE: (6, 4)}
