"""The shape of a project: what it has before there is any work in it. Templates keep one, new projects get one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.projects.models import EstimateKind, Feature, Mover, Needed, StateGroup


@dataclass(frozen=True)
class ShapedState:
    name: str
    group: StateGroup
    is_default: bool = False
    #: What an issue must have to enter it; properties are not carried along.
    needs: tuple[Needed, ...] = ()


@dataclass(frozen=True)
class ShapedLabel:
    name: str
    hue: int
    #: The place of the one that it stands under, which comes before it.
    under: int | None = None


@dataclass(frozen=True)
class Shape:
    """Places are counted from 0. Types are the organization's, by number; those that are gone are passed over."""

    states: tuple[ShapedState, ...]
    labels: tuple[ShapedLabel, ...] = ()
    types: tuple[int, ...] = ()
    default_type: int | None = None
    estimated_in: EstimateKind | None = None
    points: tuple[str, ...] = ()
    #: (place of the state it leaves, of the one it enters, who may)
    moves: tuple[tuple[int, int, Mover], ...] = ()
    features_off: tuple[Feature, ...] = field(default=())

    def __post_init__(self) -> None:
        """Raises Invalid for what no project can be."""
        states, fine = len(self.states), True
        fine &= states > 0 and sum(state.is_default for state in self.states) == 1
        fine &= all(label.under is None or 0 <= label.under < place for place, label in enumerate(self.labels))
        fine &= all(0 <= one < states and 0 <= other < states for one, other, _mover in self.moves)
        if not fine:
            raise Invalid(_("This is not the shape of a project."))

    def written(self) -> dict[str, Any]:
        """As a template keeps it."""
        return asdict(self)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Shape:
        """Raises Invalid for what `written` did not write."""
        try:
            return cls(
                states=tuple(
                    ShapedState(
                        str(one["name"]),
                        StateGroup(one["group"]),
                        bool(one["is_default"]),
                        tuple(Needed(needed) for needed in one["needs"]),
                    )
                    for one in kept["states"]
                ),
                labels=tuple(ShapedLabel(str(one["name"]), int(one["hue"]), one["under"]) for one in kept["labels"]),
                types=tuple(int(one) for one in kept["types"]),
                default_type=kept["default_type"],
                estimated_in=EstimateKind(kept["estimated_in"]) if kept["estimated_in"] else None,
                points=tuple(str(one) for one in kept["points"]),
                moves=tuple((int(one), int(other), Mover(mover)) for one, other, mover in kept["moves"]),
                features_off=tuple(Feature(one) for one in kept["features_off"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid(_("This is not the shape of a project.")) from error


#: What a project begins with when nothing else is said; new issues go to the state marked.
PLAIN = Shape(
    states=(
        ShapedState("Backlog", StateGroup.BACKLOG),
        ShapedState("Todo", StateGroup.UNSTARTED, is_default=True),
        ShapedState("In progress", StateGroup.STARTED),
        ShapedState("In review", StateGroup.STARTED),
        ShapedState("Done", StateGroup.COMPLETED),
        ShapedState("Cancelled", StateGroup.CANCELLED),
    ),
    labels=(ShapedLabel("Bug", 1), ShapedLabel("Feature", 6), ShapedLabel("Design", 8), ShapedLabel("Chore", 3)),
)


def beginning_in(shape: Shape, name: str) -> Shape:
    """The same, with new issues going to the state of this name; made at the front where there is none."""
    if not any(state.name == name for state in shape.states):
        first: Sequence[ShapedState] = (ShapedState(name, StateGroup.UNSTARTED, is_default=True),)
        rest = [ShapedState(one.name, one.group, False, one.needs) for one in shape.states]
        moves = tuple((one + 1, other + 1, mover) for one, other, mover in shape.moves)
        return Shape(**{**vars(shape), "states": (*first, *rest), "moves": moves})
    states = tuple(ShapedState(one.name, one.group, one.name == name, one.needs) for one in shape.states)
    return Shape(**{**vars(shape), "states": states})
