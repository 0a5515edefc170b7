"""Search over 100,000 documents: the function by its index beside the plain statement under the policy, and the page.

The plain statement is what search would be without the function: the same words, the same rows, one `@@` under
row-level security. Asked for a rare word, and for one that every document holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from app.kernel.database import db
from app.kernel.tenancy import organization
from app.organizations.models import Member
from app.projects.commands.projects import create_project
from app.search.queries.finding import find
from bench.figures import Figure, in_turns
from bench.ground import Ground
from bench.stock import add_issues

DOCUMENTS = 100_000
_PLAIN = sa.text(
    "SELECT subject_id FROM search_documents WHERE words @@ to_tsquery('simple', :asked)"
    " ORDER BY ts_rank(words, to_tsquery('simple', :asked)) DESC LIMIT 16"
)
#: In the shape of real ones: 25 words from a vocabulary of 20,000, by far most of them seldom.
_FILL = r"""
    INSERT INTO search_documents (organization_id, noun, subject_id, audience, words, plain, touched_at)
    SELECT i.organization_id, 'issue', i.id, ARRAY['project:' || i.project_id],
           setweight(to_tsvector('simple', i.title || ' fleet'), 'A') || to_tsvector('simple', said.words)
           || array_to_tsvector(ARRAY['@' || i.organization_id || '\:issue']),
           said.words, i.updated_at
      FROM issues i CROSS JOIN LATERAL (
           SELECT string_agg('w' || (20000 * power(random(), 3))::int, ' ') AS words
             FROM generate_series(1, 25) WHERE i.id > 0) said
     WHERE i.organization_id = :organization
"""


def measure(ground: Ground) -> Iterator[Figure]:
    organization_id = ground.stock.organization_id
    with ground.app.app_context(), organization(organization_id):
        founder = db.session.scalars(sa.select(Member).order_by(Member.id).limit(1)).one()
        project_id = create_project("Much to search", "SEARCH", by=founder).id
        db.session.commit()
    add_issues(ground.app, ground.owner, ground.stock, project_id, DOCUMENTS)
    with ground.owner.begin() as connection:
        connection.execute(sa.text("DELETE FROM search_documents"))
        connection.execute(sa.text(_FILL), {"organization": organization_id})
    with ground.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE search_documents")
        rare = connection.scalar(
            sa.text(
                "SELECT word FROM ts_stat('SELECT words FROM search_documents')"
                " WHERE word LIKE 'w%' AND ndoc BETWEEN 30 AND 50 ORDER BY word LIMIT 1"
            )
        )
    with ground.app.app_context(), organization(organization_id):
        owner = db.session.scalars(sa.select(Member).order_by(Member.id).limit(1)).one()

        def by_function(asked: str) -> Callable[[], object]:
            return lambda: find(owner, asked, most=8)

        def plainly(asked: str) -> Callable[[], object]:
            return lambda: db.session.execute(_PLAIN, {"asked": f"{asked}:*"}).all()

        for word, name in ((rare, "a rare word"), ("fleet", "a word that all hold")):
            times = in_turns({"function": by_function(word), "plain": plainly(word)}, rounds=10, warm=2)
            yield Figure(
                f"{DOCUMENTS:,} documents, {name}: search ÷ `@@` under the policy",
                times["function"] / times["plain"],
                "×",
                1,
            )
            yield Figure(f"  {name}", times["function"], "ms")
    browser = ground.browser()
    times = in_turns(
        {"nothing": lambda: browser.get("/palette"), "found": lambda: browser.get("/palette?q=fleet")},
        rounds=10,
        warm=2,
    )
    yield Figure("  palette that finds ÷ palette with nothing typed", times["found"] / times["nothing"], "×")
