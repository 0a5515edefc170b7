"""What a bench finds, and the table of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter


@dataclass(frozen=True)
class Figure:
    """One line of the table. Without a target it is there for information."""

    what: str
    value: float
    unit: str
    target: float | None = None

    @property
    def met(self) -> bool | None:
        """The figure may be as large as the target."""
        return None if self.target is None else self.value <= self.target


def table(figures: Sequence[Figure]) -> str:
    """The lines under each other, numbers to the right."""
    words = {True: "met", False: "NOT MET", None: ""}
    rows = [("what", "figure", "target", "unit", "verdict")]
    rows += [
        (one.what, _number(one.value), "" if one.target is None else f"≤ {one.target:g}", one.unit, words[one.met])
        for one in figures
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(5)]
    lines = [
        f"{what:<{widths[0]}}  {value:>{widths[1]}}  {target:>{widths[2]}}  {unit:<{widths[3]}}  {verdict}".rstrip()
        for what, value, target, unit, verdict in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def in_turns(calls: Mapping[str, Callable[[], object]], *, rounds: int, warm: int = 3) -> dict[str, float]:
    """The median milliseconds of each call. They take turns, so that what disturbs the machine disturbs all alike."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(warm + rounds):
        for name, call in calls.items():
            began = perf_counter()
            call()
            if turn >= warm:
                taken[name].append((perf_counter() - began) * 1000)
    return {name: median(times) for name, times in taken.items()}


def p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[-1]
