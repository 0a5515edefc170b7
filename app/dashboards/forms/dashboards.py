"""Forms of dashboards and widgets."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField

from app.dashboards.charts import UNIT_MOST, Chart, Good, Kind
from app.dashboards.grid import Place
from app.dashboards.models import Permission, Sharing
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.kernel.words import lazy
from app.web.forms import Form, Ids, Line, Prose, at_least_something

_NUMBER = 10_000


class DashboardForm(Form):
    name = Line(lazy("Name"), most=120, validators=[at_least_something])
    description = Prose(lazy("What it is for"), most=500)
    sharing = RadioField(
        lazy("Who sees it"),
        choices=[
            SelectChoice(Sharing.ORGANIZATION.value, lazy("Everybody in the organization")),
            SelectChoice(Sharing.PRIVATE.value, lazy("Only me, and those I share it with")),
        ],
        default=Sharing.ORGANIZATION.value,
    )


class ShareForm(Form):
    """Members it is opened to, or closed to with an empty permission."""

    ids = Ids("People")
    permission = RadioField(
        lazy("They may"),
        choices=[
            SelectChoice(Permission.VIEW.value, lazy("View")),
            SelectChoice(Permission.EDIT.value, lazy("Edit")),
            SelectChoice("", lazy("Not see it")),
        ],
        default=Permission.VIEW.value,
    )


class WidgetForm(Form):
    title = Line(lazy("Title"), most=120)
    kind = SelectField(lazy("Drawn as"), choices=[SelectChoice(kind.value, kind.label) for kind in Kind])
    stacked = BooleanField(lazy("Stack the series"))
    sideways = BooleanField(lazy("Bars run sideways"))
    unit = Line(lazy("Unit"), most=UNIT_MOST, description=lazy("Stands behind a figure: min, %, €."))
    good = SelectField(
        lazy("A figure is good when it"),
        choices=[
            SelectChoice(Good.NEITHER.value, lazy("Neither")),
            SelectChoice(Good.UP.value, lazy("Goes up")),
            SelectChoice(Good.DOWN.value, lazy("Goes down")),
        ],
    )

    @property
    def chart(self) -> Chart:
        """What was chosen. The form is valid."""
        return Chart.from_json(
            {
                "kind": self.kind.data,
                "stacked": bool(self.stacked.data),
                "sideways": bool(self.sideways.data),
                "unit": self.unit.data or "",
                "good": self.good.data or "",
            }
        )


class PlacesForm(Form):
    """`place`: a widget and where it was dropped, as `id x y w h`, counted from 0."""

    place = StringField(lazy("Place"))

    def places(self) -> dict[int, Place]:
        """Raises Invalid for what is no such line."""
        parts = (self.place.data or "").split(" ")
        if len(parts) != 5 or not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts):
            raise Invalid(_("This is no place."), "place")
        widget, *numbers = (int(part) for part in parts)
        return {widget: Place(*(min(number, _NUMBER) for number in numbers))}


def widget_form(title: str, chart: Chart, **rest: Any) -> WidgetForm:
    """The form as it is opened."""
    return WidgetForm(
        formdata=None,
        title=title,
        kind=chart.kind.value,
        stacked=chart.stacked,
        sideways=chart.sideways,
        unit=chart.unit,
        good=chart.good.value,
        **rest,
    )
