"""Writing what search reads: after every activity, the rows that it touched; all of a noun when asked to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, text

from app.discussions.models import Comment
from app.documents.models import Document
from app.kernel.backfills import backfill
from app.kernel.clock import now
from app.kernel.database import current_organization_id, db
from app.kernel.events import Noun, noun_named, searched_nouns
from app.kernel.jobs import job
from app.kernel.ledger import Activity, Change
from app.kernel.outbox import consumer
from app.search.models import SearchDocument
from app.search.words import fold

#: Rows that are written in one go.
TOGETHER = 500
#: Characters of a row's own text, and of what is said about it, that are searched.
_TEXT, _TALK = 60_000, 40_000
#: Any number: parts these turns from other advisory locks.
_LOCK = 7_350_003
#: One statement for any number of rows. The mark parts organizations and nouns inside the one index.
_WRITE = text(
    """
    INSERT INTO search_documents AS known (organization_id, noun, subject_id, audience, words, plain, touched_at)
    SELECT :org, :noun, id, string_to_array(audience, E'\\n'),
           setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', said), 'D')
           || array_to_tsvector(ARRAY[:mark]),
           plain, touched_at
      FROM unnest(CAST(:ids AS bigint[]), CAST(:titles AS text[]), CAST(:texts AS text[]), CAST(:plains AS text[]),
                  CAST(:audiences AS text[]), CAST(:touched AS timestamptz[]))
           AS row (id, title, said, plain, audience, touched_at)
    ON CONFLICT (organization_id, noun, subject_id) DO UPDATE
       SET audience = excluded.audience, words = excluded.words, plain = excluded.plain,
           touched_at = excluded.touched_at
    """
)


def index_documents(noun: Noun, ids: Sequence[int]) -> None:
    """Make search know these rows of a noun as they are now, and forget those that are gone. Six statements."""
    # In turns: what was read before another's change must not be written after it.
    db.session.execute(select(func.pg_advisory_xact_lock(_LOCK, current_organization_id() % 2**31)))
    rows = [row for row in _rows(noun, ids) if getattr(row, "deleted_at", None) is None]
    gone = set(ids) - {row.id for row in rows}
    if gone:
        known = (SearchDocument.noun == noun.name) & SearchDocument.subject_id.in_(gone)
        db.session.execute(delete(SearchDocument).where(known), execution_options={"synchronize_session": False})
    if rows:
        texts = _texts(noun, rows)
        values = [_document(noun, row, texts.get(row.id, "")) for row in rows]
        columns = {name: [value[name] for value in values] for name in values[0]}
        here = current_organization_id()
        db.session.execute(_WRITE, {**columns, "org": here, "noun": noun.name, "mark": f"@{here}:{noun.name}"})


@consumer("search", parts=True)
def index_activity(activity: Activity) -> None:
    """Everything that an activity touched, in portions."""
    noun = noun_named(activity.noun)
    if noun.text is None:
        return
    ids = db.session.scalars(
        select(Change.subject_id)
        .where(Change.organization_id == activity.organization_id, Change.activity_id == activity.id)
        .order_by(Change.subject_id)
    ).all()
    for start in range(0, len(ids), TOGETHER):
        index_documents(noun, ids[start : start + TOGETHER])


@job
def index_everything() -> None:
    """All of this organization's rows, a portion a transaction: after an upgrade, or a change of words."""
    for noun in searched_nouns():
        after = 0
        while ids := _ids(noun, after):
            index_documents(noun, ids)
            after = ids[-1]
            db.session.commit()


@backfill("search_words", "what search knows of every row, written anew")
def index_slice(cursor: str, most: int) -> tuple[str | None, int]:
    """The next rows behind `issue:17`, noun after noun. Repeating it does no harm."""
    nouns = sorted(noun.name for noun in searched_nouns())
    name, _, after = cursor.partition(":")
    here = nouns.index(name) if name in nouns else 0
    noun = noun_named(nouns[here])
    ids = _ids(noun, int(after or 0), most)
    if ids:
        index_documents(noun, ids)
        return f"{noun.name}:{ids[-1]}", len(ids)
    return (f"{nouns[here + 1]}:0", 0) if here + 1 < len(nouns) else (None, 0)


def _ids(noun: Noun, after: int, most: int = TOGETHER) -> Sequence[int]:
    model: Any = noun.model
    return db.session.scalars(select(model.id).where(model.id > after).order_by(model.id).limit(most)).all()


def _rows(noun: Noun, ids: Sequence[int]) -> Sequence[Any]:
    model: Any = noun.model
    wanted = select(model).where(model.id.in_(ids)).options(*noun.load).order_by(model.id)
    return db.session.scalars(wanted, execution_options={"populate_existing": True}).all()


def _texts(noun: Noun, rows: Sequence[Any]) -> dict[int, str]:
    """The rows' own documents, then what is said about them: two statements."""
    texts: dict[int, str] = {}
    documents = {row.document_id: row.id for row in rows if getattr(row, "document_id", None)}
    if documents:
        wanted = select(Document.id, func.left(Document.plain, _TEXT)).where(Document.id.in_(documents))
        texts = {documents[number]: plain for number, plain in db.session.execute(wanted)}
    if noun.readers and rows:
        said = (
            select(Comment.subject_id, func.left(func.string_agg(Document.plain, "\n"), _TALK))
            .join(
                Document,
                (Document.organization_id == Comment.organization_id) & (Document.id == Comment.document_id),
            )
            .where(
                Comment.noun == noun.name,
                Comment.subject_id.in_([row.id for row in rows]),
                Comment.deleted_at.is_(None),
            )
            .group_by(Comment.subject_id)
        )
        for subject_id, talk in db.session.execute(said):
            texts[subject_id] = f"{texts.get(subject_id, '')}\n{talk}"
    return texts


def _document(noun: Noun, row: Any, said: str) -> dict[str, Any]:
    first, *more = (noun.text(row) if noun.text else None) or ("",)
    plain = "\n".join(part for part in (*more, said) if part)[: _TEXT + _TALK].replace("\x00", "")
    return {
        "ids": row.id,
        "titles": fold(f"{noun.title(row)} {first}"),
        "texts": fold(plain),
        "plains": plain,
        "audiences": "\n".join(noun.audience(row)),
        "touched": getattr(row, "updated_at", None) or now(),
    }
