"""Home, and what people work on."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.kernel.clock import now
from app.organizations.models import Member
from app.shell import frame
from app.shell.policies import P
from app.shell.queries import BRIEF, PAGE, Due, Key, Work, changes_of, colleague, work_of
from app.shell.routes import bp
from app.shell.steps import first_steps, hide_steps
from app.web.current import current_member
from app.web.filters import today, zone
from app.web.guard import requires
from app.web.htmx import wants_part
from app.web.live import shows
from app.web.replies import go, page, reply
from app.web.urls import whole


@bp.get("/")
@requires(P.HOME)
def show_home() -> ResponseReturnValue:
    """What one has to do, and what changed. Customers have a home of their own."""
    if not current_member.is_colleague:
        return go(url_for("desk.show_portal"))
    around = frame.frame()
    boards = _boards(around)
    work = work_of(current_member, current_member.id, **_day(), most=BRIEF)
    here = now().astimezone(zone())
    return page(
        "shell/home/show.html",
        around=around,
        boards=boards,
        work=work,
        person=current_member,
        brief=True,
        greeting=_greeting(here.hour),
        long_day=f"{here:%A}, {here.day} {here:%B}",
        waiting=_waiting(work),
        steps=first_steps(current_member) if around.projects else (),
        **changes_of(current_member),
    )


@bp.post("/first-steps/dismissal")
@requires(P.HOME)
def create_dismissal() -> ResponseReturnValue:
    """Show the first steps no more."""
    hide_steps(current_member)
    return go(url_for("shell.show_home"))


@bp.get("/changes")
@requires(P.WORK)
def list_changes() -> ResponseReturnValue:
    """What changed before an entry (`before`), or the list again as far as it was loaded (`until`)."""
    before, until = request.args.get("before", type=whole), request.args.get("until", type=whole)
    found = changes_of(current_member, before=before, until=until)
    template = "shell/home/_changes_rows.html" if before else "shell/home/_changes_list.html"
    return reply(template, **found)


@bp.get("/my-work")
@requires(P.WORK)
def show_work() -> ResponseReturnValue:
    """All that one has to do."""
    return _work_page(current_member)


@bp.get("/work/<int:member_id>")
@requires(P.WORK, load=colleague)
def show_work_of(person: Member) -> ResponseReturnValue:
    """What a colleague has to do, of what one sees oneself."""
    return _work_page(person)


@bp.get("/work/<int:member_id>/rows")
@requires(P.WORK, load=colleague)
def list_work(person: Member) -> ResponseReturnValue:
    """The rows after one (`after`), or the list again: as far as it was loaded (`until`), or `brief` as at home."""
    after, until = Key.read(request.args.get("after", "")), Key.read(request.args.get("until", ""))
    brief = "brief" in request.args
    if after and not wants_part():
        return _work_page(person, after)
    work = work_of(current_member, person.id, **_day(), after=after, until=until, most=BRIEF if brief else PAGE)
    template = "shell/work/_rows.html" if after else "shell/work/_list.html" if work.total else "shell/work/_none.html"
    return reply(template, work=work, person=person, after=after, brief=brief)


@bp.get("/navigation")
@requires(P.HOME)
def show_navigation() -> ResponseReturnValue:
    """The sidebar's middle part again, for the page `at`."""
    return reply("shell/_navigation.html", around=frame.frame(request.args.get("at", "")))


def _work_page(person: Member, after: Key | None = None) -> ResponseReturnValue:
    around = frame.frame()
    boards = _boards(around)
    work = work_of(current_member, person.id, **_day(), after=after)
    return page("shell/work/show.html", around=around, boards=boards, work=work, person=person)


def _day() -> dict[str, Any]:
    """Today and the first day of a week, as the reader has them."""
    return {"today": today(), "week_begins": current_user.week_starts_on}


def _boards(around: frame.Frame) -> list[str]:
    """The topics of the boards that one sees; a page's heartbeat asks for a score of topics at most."""
    topics = [f"board-{project.id}" for project, _ in around.projects[:16]]
    shows(*topics)
    return topics


def _greeting(hour: int) -> str:
    return "Good morning" if 4 <= hour < 12 else "Good afternoon" if 12 <= hour < 18 else "Good evening"


def _waiting(work: Work) -> str:
    """What cannot wait: "2 overdue, 3 due today"."""
    counted = ((work.counts.get(Due.OVERDUE), "overdue"), (work.counts.get(Due.TODAY), "due today"))
    return ", ".join(f"{count} {what}" for count, what in counted if count)
