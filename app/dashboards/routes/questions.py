"""Questions: listed, built, answered, kept, changed, exported, deleted, restored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, request, stream_with_context, url_for

from app.activity.queries import history_of
from app.adapters.press import NotDrawn
from app.adapters.tables.writing import MARK, line
from app.dashboards.answers import Answer, Ask, Cell, Unanswerable, answer, topics_of
from app.dashboards.charts import Chart, Kind, suggested
from app.dashboards.commands import questions as commands
from app.dashboards.drawing import Drawing, draw
from app.dashboards.forms import questions as forms
from app.dashboards.models import Question
from app.dashboards.policies import P
from app.dashboards.queries import questions as queries
from app.dashboards.queries.questions import deleted_question, question_by_number
from app.dashboards.routes import bp
from app.dashboards.statements import label_of
from app.dashboards.tables import BUCKETS, OPERATORS, Table, table_of, tables_of
from app.kernel.errors import Invalid
from app.kernel.words import gettext as _
from app.web.current import current_member
from app.web.guard import requires
from app.web.htmx import is_htmx, trigger, wants_part
from app.web.live import shows
from app.web.replies import go, invalid, page, reply
from app.web.urls import whole

_ONE = "/questions/<int:number>"
#: Pixels of a chart on the page of a question.
_WIDTH, _HEIGHT = 960, 260


@bp.get("/questions")
@requires(P.VIEW_QUESTIONS)
def list_questions() -> Response:
    shows("questions")
    after, after_id = request.args.get("after", "")[:120], request.args.get("id", 0, type=whole)
    found = queries.list_of_questions(current_member, after=after, after_id=after_id)
    return page(
        "dashboards/questions/index.html",
        questions=found[: queries.LIST],
        more=len(found) > queries.LIST,
        deleted=() if after_id else queries.deleted_questions(current_member),
        tables={table.dataset.name: table.label for table in tables_of(current_member) if table.dataset},
    )


@bp.get("/questions/new")
@requires(P.EDIT_QUESTIONS)
def new_question() -> Response:
    """The builder. Its address says all that was chosen, so it can be kept, sent and gone back to."""
    chosen = forms.table_in(request.args)
    if chosen is None:
        return page("dashboards/questions/tables.html", tables=tables_of(current_member))
    table = table_of(chosen, current_member)
    return page("dashboards/questions/builder.html", **_builder(forms.built_of(request.args, table), table))


@bp.get("/questions/name")
@requires(P.EDIT_QUESTIONS)
def name_question() -> Response:
    """The form that keeps what the builder's address says."""
    built, _ = _built()
    form = forms.QuestionForm(
        formdata=None, ask=built.ask.as_text(), chart=built.chart.kind.value if built.chart else ""
    )
    return page(
        _name_template(), form=form, back=url_for("dashboards.new_question") + "?" + request.query_string.decode()
    )


@bp.get("/questions/answer.csv")
@requires(P.VIEW_QUESTIONS, keys=True)
def show_draft_csv() -> Response:
    """What the builder's address asks, as a file."""
    built, table = _built()
    return _csv(answer(built.ask, member=current_member), table.label)


@bp.post("/questions")
@requires(P.EDIT_QUESTIONS)
def create_question() -> Response:
    form = forms.QuestionForm()
    back = url_for("dashboards.list_questions")
    if not form.validate():
        return invalid(form, _name_template(), back=back)
    try:
        ask, chart = Ask.from_text(form.ask.data or ""), forms.chart_of(form.chart.data or "")
        table_of(ask, current_member)
        question = commands.create_question(
            form.name.data,
            ask,
            description=form.description.data or "",
            chart=(chart or suggested(ask)).as_json(),
            by=current_member,
        )
    except Invalid as error:
        return invalid(form.blame(error), _name_template(), back=back)
    return go(url_for("dashboards.show_question", number=question.number), _("%(name)s kept", name=question.name))


@bp.get(_ONE)
@requires(P.VIEW_QUESTIONS, load=question_by_number)
def show_question(question: Question) -> Response:
    ask = Ask.from_json(question.ask)
    shows(f"question-{question.id}", *topics_of([ask]))
    return page(
        "dashboards/questions/show.html",
        question=question,
        build=url_for("dashboards.edit_question", number=question.number),
        history=history_of(question, limit=20),
        about=_about(ask),
    )


@bp.get(f"{_ONE}/answer")
@requires(P.VIEW_QUESTIONS, load=question_by_number)
def show_answer(question: Question) -> Response:
    """The answer, as the page of a question shows it: it loads by itself."""
    ask = Ask.from_json(question.ask)
    found, why = _answer(ask, fresh="fresh" in request.args)
    return page(
        "dashboards/questions/_answer.html",
        answer=found,
        why=why,
        drawing=_drawing(question.name, found, ask, Chart.from_json(question.chart)),
        again=url_for("dashboards.show_answer", number=question.number),
        topics=" ".join([f"question-{question.id}", *topics_of([ask])]),
    )


@bp.get(f"{_ONE}/answer.csv")
@requires(P.VIEW_QUESTIONS, load=question_by_number, keys=True)
def show_csv(question: Question) -> Response:
    return _csv(answer(Ask.from_json(question.ask), member=current_member), question.name)


@bp.get(f"{_ONE}/edit")
@requires(P.EDIT_QUESTIONS, load=question_by_number)
def edit_question(question: Question) -> Response:
    """The builder with this question in it; the address says what was changed since."""
    kept = Ask.from_json(question.ask)
    chosen = forms.table_in(request.args)
    if chosen is None:
        here = url_for("dashboards.edit_question", number=question.number)
        return go(f"{here}?{urlencode(forms.fields_of(kept, Chart.from_json(question.chart)))}")
    table = table_of(chosen, current_member)
    built = forms.built_of(request.args, table)
    return page("dashboards/questions/builder.html", question=question, **_builder(built, table))


@bp.get(f"{_ONE}/name")
@requires(P.EDIT_QUESTIONS, load=question_by_number)
def rename_question(question: Question) -> Response:
    """The form of name and description; with what the builder's address says, if it says anything."""
    form = forms.QuestionEditForm(
        formdata=None, name=question.name, description=question.description, version=question.version
    )
    if forms.table_in(request.args):
        built, _ = _built()
        form.ask.data, form.chart.data = built.ask.as_text(), built.drawn_as
    back = url_for("dashboards.show_question", number=question.number)
    return page(_name_template(), form=form, question=question, back=back)


@bp.post(_ONE)
@requires(P.EDIT_QUESTIONS, load=question_by_number)
def update_question(question: Question) -> Response:
    form = forms.QuestionEditForm()
    here = url_for("dashboards.show_question", number=question.number)
    if not form.validate():
        return invalid(form, _name_template(), question=question, back=here)
    try:
        ask = Ask.from_text(form.ask.data) if form.ask.data else None
        chart = forms.chart_of(form.chart.data or "") or (suggested(ask) if ask else None)
        if ask:
            table_of(ask, current_member)
        commands.edit_question(
            question,
            version=form.version.data,
            name=form.name.data,
            description=form.description.data or "",
            ask=ask,
            chart=chart.as_json() if chart else None,
            by=current_member,
        )
    except Invalid as error:
        return invalid(form.blame(error), _name_template(), question=question, back=here)
    return go(here, _("Saved"))


@bp.post(f"{_ONE}/copy")
@requires(P.EDIT_QUESTIONS, load=question_by_number)
def create_question_copy(question: Question) -> Response:
    copy = commands.copy_question(question, by=current_member)
    return go(
        url_for("dashboards.show_question", number=copy.number), _("This is a copy of %(name)s", name=question.name)
    )


@bp.post(f"{_ONE}/deletion")
@requires(P.EDIT_QUESTIONS, load=question_by_number)
def destroy_question(question: Question) -> Response:
    commands.delete_questions([question], by=current_member)
    if not is_htmx() or "leave" in request.form:
        return go(
            url_for("dashboards.list_questions"), _("%(name)s deleted. It can be restored below.", name=question.name)
        )
    undo = url_for("dashboards.restore_question", number=question.number)
    response = reply("dashboards/_done.html", said=_("%(name)s deleted", name=question.name), undo=undo)
    return trigger(response, moved={"topics": ["questions"]})


@bp.post(f"{_ONE}/restoration")
@requires(P.EDIT_QUESTIONS, load=deleted_question)
def restore_question(question: Question) -> Response:
    commands.restore_questions([question], by=current_member)
    if not is_htmx():
        return go(url_for("dashboards.list_questions"), _("%(name)s restored", name=question.name))
    response = reply("dashboards/_done.html", said=_("%(name)s restored", name=question.name), undo=None)
    return trigger(response, moved={"topics": ["questions"]})


def _name_template() -> str:
    return "dashboards/questions/_name_dialog.html" if wants_part() else "dashboards/questions/name.html"


def _built() -> tuple[forms.Built, Table]:
    chosen = forms.table_in(request.args)
    if chosen is None:
        raise Invalid(_("Choose a table first."))
    table = table_of(chosen, current_member)
    return forms.built_of(request.args, table), table


def _answer(ask: Ask, *, fresh: bool = False) -> tuple[Answer | None, str | None]:
    """The answer, or the sentence that says why there is none."""
    try:
        return answer(ask, member=current_member, fresh=fresh), None
    except Unanswerable as error:
        return None, str(error)


def _drawing(title: str, found: Answer | None, ask: Ask, chart: Chart) -> Drawing | None:
    """What stands above the table; nothing where a chart cannot be drawn, for the table says it all."""
    if found is None or not found.rows or chart.kind is Kind.TABLE:
        return None
    try:
        return draw(title, found, ask, chart, width=_WIDTH, height=_HEIGHT)
    except NotDrawn:
        return None


def _about(ask: Ask) -> Table | None:
    try:
        return table_of(ask, current_member)
    except Unanswerable:
        return None


def _builder(built: forms.Built, table: Table) -> dict[str, Any]:
    ask = built.ask
    found, why = _answer(ask)
    labels = [label_of(one, table) for one in ask.dimensions] + [label_of(one, table) for one in ask.measures]
    chart = built.chart or suggested(ask)
    return {
        "built": built,
        "table": table,
        "answer": found,
        "why": why,
        "drawing": _drawing(table.label, found, ask, chart),
        "kinds": list(Kind),
        "by_name": {column.name: column for column in table.columns},
        "buckets": BUCKETS,
        "operators": OPERATORS,
        "aggregates": forms.aggregates_of,
        "aggregate_words": forms.AGGREGATE_WORDS,
        "operator_words": forms.operator_words,
        "sorts": forms.sorted_by(ask, labels),
        "sorted": f"{ask.sort.place}-{'down' if ask.sort.descending else 'up'}" if ask.sort else "",
        "state": urlencode(forms.fields_of(ask, built.chart)),
    }


def _csv(found: Answer, name: str) -> Response:
    response = Response(stream_with_context(_csv_lines(found)), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name[:80]}.csv")
    return response


def _csv_lines(found: Answer) -> Iterator[str]:
    yield MARK + line(column.label for column in found.columns)
    for row in found.rows:
        yield line(_words(cell) for cell in row)


def _words(cell: Cell) -> str | float:
    """Numbers stay numbers: a minus begins no formula there."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return cell.isoformat() if isinstance(cell, date) else cell
