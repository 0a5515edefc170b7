"""The people of the demo, and what their days are about."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.access import Role

#: All of them sign in with this.
PASSWORD = "trestleboard"  # noqa: S105 - a demo's, shown on the terminal
MAIL = "demo.example"


@dataclass(frozen=True)
class Colleague:
    """A member of a demo organization, and the projects they work in."""

    key: str
    name: str
    role: Role
    hue: int
    projects: tuple[str, ...]
    #: How much of the work is theirs, against the others'.
    share: int = 3


KESTREL = (
    Colleague("alice", "Alice Moreau", Role.OWNER, 6, ("WEB", "APP", "WH", "DS", "FIN", "FLT"), 2),
    Colleague("bob", "Bob Mercer", Role.MEMBER, 2, ("WEB", "DS", "FIN"), 6),
    Colleague("anna", "Anna Kowalski", Role.ADMIN, 8, ("WEB", "APP", "FIN"), 5),
    Colleague("jun", "Jun Wei 魏俊", Role.MEMBER, 4, ("APP", "WEB", "FLT"), 6),
    Colleague("tomas", "Tomás Silva", Role.MANAGER, 1, ("WH", "FLT", "APP"), 4),
    Colleague("lena", "Lena Ortiz", Role.MEMBER, 5, ("FLT", "WH"), 4),
    Colleague("nora", "Nora Iversen", Role.MEMBER, 7, ("DS", "WEB", "APP"), 5),
    Colleague("nour", "نور الدين الحداد", Role.MEMBER, 3, ("FIN", "WEB", "FLT"), 4),
    Colleague("yael", "יעל בן־דוד", Role.MEMBER, 2, ("DS", "APP", "WH"), 3),
    Colleague("piet", "Piet 🚚 de Vries", Role.MEMBER, 6, ("WH", "FLT"), 3),
    Colleague(
        "hubert",
        "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff Ananthanarayanan-Rasoanaivo",
        Role.VIEWER,
        4,
        ("WEB", "FIN"),
        0,
    ),
)

#: The second organization, for the switcher: Alice works there too, and Mika runs it.
TIDE = (
    Colleague("mika", "Mika Laine", Role.OWNER, 5, ("BOAT",), 3),
    Colleague("alice", "Alice Moreau", Role.MEMBER, 6, ("BOAT",), 2),
)


@dataclass(frozen=True)
class Plan:
    """A project of the demo: its name and face, and how far its work has come."""

    identifier: str
    name: str
    lead: str
    emoji: str | None
    description: str
    #: How many of a hundred of its issues stand in backlog, todo, progress, review, done, cancelled.
    spread: tuple[int, int, int, int, int, int]


PROJECTS = (
    Plan(
        "WEB",
        "Web platform",
        "anna",
        "🌐",
        "Booking, tracking and invoices: all that a customer of Kestrel Freight sees in a browser.",
        (20, 22, 12, 7, 34, 5),
    ),
    Plan("APP", "Driver app", "jun", "📱", "Routes, scans and signatures on the road.", (22, 20, 14, 6, 33, 5)),
    Plan("WH", "Warehouse", "tomas", "📦", "Goods in, storage, picking and loading.", (26, 22, 12, 4, 32, 4)),
    Plan("DS", "Design system", "nora", "🎨", "The parts that all our screens are made of.", (24, 18, 14, 10, 30, 4)),
    Plan(
        "FIN",
        "Billing and tariffs",
        "nour",
        None,
        "What a transport costs, and who pays it when.",
        (24, 24, 12, 6, 30, 4),
    ),
    Plan(
        "FLT", "Fleet", "lena", "🚛", "Trucks, trailers, workshops and the rules they drive by.", (28, 24, 12, 4, 28, 4)
    ),
)

YARD = (Plan("BOAT", "Boatyard", "mika", "⛵", "Berths, the crane and the winter.", (30, 30, 15, 5, 18, 2)),)
