"""The board: its page, its parts as they load, and moving cards on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from app.boards.commands.making import TITLE_MOST, IssueDraft, create_issues
from app.boards.commands.moving import move_issues
from app.boards.policies import P
from app.boards.queries.board import Key, behind, columns_of, more_cards
from app.boards.queries.filters import FIELDS, PRIORITIES, read_filter
from app.boards.routes import bp
from app.boards.routes.asked import chosen, state_asked
from app.boards.routes.showing import Board, alike, board_of, changed, look_of, named
from app.kernel.errors import NotFound
from app.projects.models import Project
from app.projects.queries import labels_of, people_of, project_by_identifier, state_of, states_of, types_of
from app.search.commands.visits import note_visit
from app.web.asked import one_id
from app.web.current import current_member
from app.web.filtering import ME, NOBODY
from app.web.forms import Form, Line, at_least_something
from app.web.guard import requires
from app.web.htmx import trigger
from app.web.live import shows
from app.web.passes import with_pass
from app.web.replies import invalid, page, reply, reply_once


class LineForm(Form):
    """A new issue, written at the foot of a column."""

    title = Line("Title", most=TITLE_MOST, validators=[at_least_something])


@bp.get("/projects/<identifier>/board")
@requires(P.VIEW, load=project_by_identifier)
def show_board(project: Project) -> ResponseReturnValue:
    shows(f"board-{project.id}")
    note_visit(project, by=current_member)
    return page("boards/board/show.html", board=board_of(project, current_member, request.args))


@bp.get("/projects/<identifier>/board/columns")
@with_pass
@requires(P.VIEW, load=project_by_identifier)
def show_columns(project: Project) -> ResponseReturnValue:
    """The board's region again, as much of it as was loaded. With `show` the page takes the filter into its address."""
    if "show" in request.args:
        board = board_of(project, current_member, request.args)
        response = reply("boards/board/columns.html", board=board)
        response.headers["HX-Push-Url"] = board.address(board.filter)
        return response
    return reply_once(
        "boards/board/columns.html",
        lambda: {"board": board_of(project, current_member, request.args)},
        topics=[f"board-{project.id}", "any-member"],
        key=alike(project, current_member, request.args),
    )


@bp.get("/projects/<identifier>/board/columns/<int:state_id>")
@requires(P.VIEW, load=project_by_identifier)
def show_column(project: Project, state_id: int) -> ResponseReturnValue:
    """The next cards of a column, after the key in `after`."""
    after = Key.read(request.args.get("after", ""))
    if after is None:
        raise NotFound
    wanted = read_filter(request.args, project)
    clauses = wanted.clauses(current_member, project.identifier)
    columns = columns_of(project.id, [*clauses, behind(after)], state_id)
    if not columns:
        raise NotFound
    column = columns[0]
    column.cards = more_cards(state_id, clauses, after)
    column.until = column.last or after
    board = Board(project, current_member, wanted, columns, look_of(project, columns, column.cards))
    return reply("boards/board/more.html", board=board, column=column)


@bp.post("/projects/<identifier>/board/moves")
@requires(P.EDIT, load=project_by_identifier)
def create_move(project: Project) -> ResponseReturnValue:
    """Cards dropped into the column `state`, behind the card `after`, else in front of `before`."""
    issues, state = chosen(project), state_asked(project)
    left = {issue.state_id for issue in issues}
    activity = move_issues(issues, state=state, after=one_id("after"), before=one_id("before"), by=current_member)
    if left == {state.id}:
        return changed(project, issues, activity, f"{named(issues)} moved", moved=True)
    said = f"{named(issues)} moved to {state.name}"
    return changed(project, issues, activity, said, heads=left | {state.id}, moved=True)


@bp.get("/projects/<identifier>/board/columns/<int:state_id>/new")
@requires(P.CREATE, load=project_by_identifier)
def new_in_column(project: Project, state_id: int) -> ResponseReturnValue:
    """The line to write a title in; with `close` the button again."""
    template = "boards/board/foot.html" if "close" in request.args else "boards/board/new.html"
    return reply(template, board=_bare(project), column=state_of(project, state_id), form=LineForm(formdata=None))


@bp.post("/projects/<identifier>/board/columns/<int:state_id>/issues")
@requires(P.CREATE, load=project_by_identifier)
def create_in_column(project: Project, state_id: int) -> ResponseReturnValue:
    """An issue by its title alone. The line stays, for the next one."""
    state, form = state_of(project, state_id), LineForm()
    if not form.validate():
        return invalid(form, "boards/board/new.html", board=_bare(project), column=state)
    [issue] = create_issues(project, [IssueDraft(str(form.title.data), state_id=state.id)], by=current_member)
    response = reply(
        "boards/board/created.html", board=_bare(project), column=state, form=LineForm(formdata=None), issue=issue
    )
    return trigger(response, moved={"topics": [f"board-{project.id}"]})


@bp.get("/projects/<identifier>/board/filters")
@requires(P.VIEW, load=project_by_identifier)
def show_filters(project: Project) -> ResponseReturnValue:
    """What one can filter by, for the menu: all fields, or only the one in `field`."""
    only = request.args.get("field", "")
    names = [only] if only in FIELDS else list(FIELDS)
    board = Board(project, current_member, read_filter(request.args, project), [], look_of(project, (), ()))
    groups = [(name, FIELDS[name], _CHOICES[name](project)) for name in names]
    return reply("boards/board/filters.html", board=board, groups=groups, only=only if only in FIELDS else "")


def _bare(project: Project) -> Board:
    """What the foot of a column needs: addresses and permissions."""
    return Board(project, current_member, read_filter(request.args, project), [], look_of(project, (), ()))


def _people(project: Project) -> list[tuple[str, Any]]:
    return [(ME, None), (NOBODY, None), *((str(person.id), person) for person in people_of(project.id))]


#: What each field of the filter offers: (value of the address, what it stands for).
_CHOICES: dict[str, Callable[[Project], Sequence[tuple[str, Any]]]] = {
    "state": lambda project: [(str(state.id), state) for state in states_of(project.id)],
    "assignee": _people,
    "label": lambda project: [(str(label.id), label) for label in labels_of(project.id)],
    "type": lambda project: [(str(kind.id), kind) for kind in types_of(project.id)],
    "priority": lambda project: list(PRIORITIES.items()),
}
