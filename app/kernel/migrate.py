"""Migrations: what autogenerate cannot see of the tenants' walls, and running them once at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import renderers
from alembic.config import Config as AlembicConfig
from alembic.operations import Operations
from alembic.operations.ops import CreateTableOp, MigrateOperation

from app.kernel.database import APP_ROLE, OPERATOR_ROLE, SCHEDULER_ROLE, driver_url

if TYPE_CHECKING:
    from config import Config

FOLDER = Path(__file__).resolve().parents[2] / "migrations"
#: Any number: two processes that migrate at once take turns.
_LOCK = 7_350_001


def upgrade(config: Config, revision: str = "head") -> None:
    """Bring the owner's database to `revision`. Waits for another migration that runs. Needs `config.database_url`."""
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(FOLDER))
    engine = sa.create_engine(driver_url(config.database_url or ""), poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
        connection.commit()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)
        connection.commit()


@Operations.register_operation("wall_off")
class WallOff(MigrateOperation):
    """`op.wall_off("issues")`: row-level security with the policy that every tenant's table has."""

    def __init__(self, table: str) -> None:
        self.table = table

    @classmethod
    def wall_off(cls, operations: Operations, table: str) -> None:
        """Called by migrations."""
        operations.invoke(cls(table))


@Operations.implementation_for(WallOff)
def _wall_off(operations: Operations, operation: WallOff) -> None:
    table = operation.table
    operations.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    operations.execute(
        f"CREATE POLICY tenant ON {table} TO {APP_ROLE}"
        " USING (organization_id = app_org()) WITH CHECK (organization_id = app_org())"
    )


@renderers.dispatch_for(WallOff)
def _render(context: Any, operation: WallOff) -> str:
    return f"op.wall_off({operation.table!r})"


def add_walls(context: Any, revision: Any, directives: list[Any]) -> None:
    """Autogenerate's hook: every new table with an organization in its primary key gets its policy."""
    for script in directives:
        made = [made for made in script.upgrade_ops.ops if isinstance(made, CreateTableOp)]
        walled = [
            table.table_name
            for table in made
            if any(
                isinstance(part, sa.PrimaryKeyConstraint) and "organization_id" in _columns(part)
                for part in table.columns
            )
        ]
        script.upgrade_ops.ops.extend(WallOff(name) for name in walled)


def _columns(key: sa.PrimaryKeyConstraint) -> list[str]:
    return [str(getattr(column, "name", column)) for column in (key.columns or key._pending_colargs)]


def create_revision(config: Config, message: str) -> Path:
    """Write the next migration by comparing the models with the database, which must be up to date."""
    number = f"{len(list((FOLDER / 'versions').glob('*.py'))) + 1:04d}"
    with sa.create_engine(driver_url(config.database_url or "")).connect() as connection:
        settings = AlembicConfig()
        settings.set_main_option("script_location", str(FOLDER))
        settings.attributes["connection"] = connection
        script: Any = command.revision(settings, message, autogenerate=True, rev_id=number)
    return Path(script.path)


ROLES = (APP_ROLE, SCHEDULER_ROLE, OPERATOR_ROLE)


def roles_themselves() -> list[str]:
    """The roles, and that the owner may take them on. A dump does not bring them along."""
    made = []
    for role in ROLES:
        made += [
            f"DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL;"
            f" WHEN unique_violation THEN NULL; END $$",
            f"DO $$ BEGIN EXECUTE format('GRANT {role} TO %I', current_user); END $$",
            f"GRANT USAGE ON SCHEMA public TO {role}",
        ]
    return made


def rights_to_come() -> list[str]:
    """What the application gets of tables that are made from now on. Of the owner here, so no dump brings it along."""
    return [
        f"ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE}",
        f"ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO {APP_ROLE}",
        # Whoever may call set_config changes tenant with a plain SELECT. Only a superuser may take the right away;
        # where we are none, analysts' SQL over the organization's own data stays off.
        "DO $$ BEGIN REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC;"
        " EXCEPTION WHEN insufficient_privilege THEN NULL; END $$",
    ]


def prepare(operations: Operations) -> None:
    """Roles, settings' functions and default privileges: the first thing the first migration does."""
    for statement in roles_themselves():
        operations.execute(statement)
    for name, setting in (("app_org", "organization_id"), ("app_user", "user_id")):
        operations.execute(
            f"CREATE FUNCTION {name}() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE"
            f" RETURN nullif(current_setting('app.{setting}', true), '')::bigint"
        )
    for statement in rights_to_come():
        operations.execute(statement)


#: Search past the policies, for under one the index of words is not used: it holds itself to `app_org()`. Of each noun
#: the `most` best among its `_LATEST` newest that fit, so that a word that everything holds costs no more than others.
#: Its statement is planned for each question: how rare a word is decides which index serves.
_LATEST = 300
_FIND_DOCUMENTS = f"""
CREATE FUNCTION find_documents(question text, audiences text[], nouns text[], most integer)
RETURNS TABLE (noun varchar, subject_id bigint, weight real, touched_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE kind text; asked tsquery := to_tsquery('simple', question);
BEGIN
  FOREACH kind IN ARRAY nouns LOOP
    RETURN QUERY EXECUTE
      'SELECT fit.noun, fit.subject_id, ts_rank(fit.words, $2) AS weight, fit.touched_at FROM ('
      ' SELECT d.noun, d.subject_id, d.words, d.touched_at FROM public.search_documents d'
      ' WHERE d.words @@ $1 AND d.organization_id = $3 AND d.noun = $6 AND d.audience && $4'
      ' ORDER BY d.touched_at DESC LIMIT {_LATEST}) fit ORDER BY weight DESC, fit.touched_at DESC LIMIT $5'
      USING (quote_literal('@' || app_org() || ':' || kind)::tsquery && asked), asked, app_org(), audiences, most, kind;
  END LOOP;
END $$"""  # noqa: S608 - ours


_ERASE_HISTORY = """
CREATE FUNCTION erase_history(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE gone bigint; more bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM public.organizations o WHERE o.id = public.app_org()
                 AND o.deleted_at + interval '30 days' <= now()) THEN
    RETURN 0;
  END IF;
  DELETE FROM public.changes WHERE organization_id = public.app_org() AND id IN
    (SELECT c.id FROM public.changes c WHERE c.organization_id = public.app_org() LIMIT most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  IF gone < most THEN
    DELETE FROM public.activities WHERE organization_id = public.app_org() AND id IN
      (SELECT a.id FROM public.activities a WHERE a.organization_id = public.app_org() LIMIT most - gone);
    GET DIAGNOSTICS more = ROW_COUNT;
    gone := gone + more;
  END IF;
  RETURN gone;
END $$"""


def wall_off_the_rest(operations: Operations) -> None:
    """The few tables whose policy is not the usual one, and what the scheduler sees."""
    mine = "id IN (SELECT organization_id FROM members WHERE user_id = app_user() AND left_at IS NULL)"
    # Only outside of any organization: inside of one, no list of members may show one's own rows of others.
    outside = "app_org() IS NULL"
    for statement in (
        "ALTER TABLE organizations ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON organizations TO {APP_ROLE} USING (id = app_org())",
        f"CREATE POLICY mine ON organizations FOR SELECT TO {APP_ROLE} USING ({outside} AND {mine})",
        f"CREATE POLICY myself ON members FOR SELECT TO {APP_ROLE} USING ({outside} AND user_id = app_user())",
        # The switcher stands on every page of an organization and names the signed-in user's others, nothing else.
        "CREATE FUNCTION my_organizations()"
        " RETURNS TABLE (id bigint, slug varchar, name varchar, logo varchar, role varchar)"
        " LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
        " BEGIN ATOMIC SELECT o.id, o.slug, o.name, o.logo, coalesce(r.name, m.role)"
        " FROM organizations o JOIN members m ON m.organization_id = o.id"
        " LEFT JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.custom_role_id"
        " WHERE m.user_id = app_user() AND m.left_at IS NULL AND o.deleted_at IS NULL; END",
        _FIND_DOCUMENTS,
        "REVOKE EXECUTE ON FUNCTION find_documents FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION find_documents TO {APP_ROLE}",
        "ALTER TABLE outgoing_mails ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON outgoing_mails TO {APP_ROLE}"
        " USING (organization_id IS NOT DISTINCT FROM app_org())"
        " WITH CHECK (organization_id IS NOT DISTINCT FROM app_org())",
        "ALTER TABLE incoming_mails ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON incoming_mails TO {APP_ROLE}"
        " USING (organization_id IS NOT DISTINCT FROM app_org())"
        " WITH CHECK (organization_id IS NOT DISTINCT FROM app_org())",
        f"CREATE POLICY owed ON incoming_mails FOR SELECT TO {SCHEDULER_ROLE} USING (fate = 'received')",
        f"GRANT SELECT (organization_id, id, next_try_at, fate) ON incoming_mails TO {SCHEDULER_ROLE}",
        f"CREATE POLICY due ON timers TO {SCHEDULER_ROLE} USING (true)",
        f"CREATE POLICY owed ON activities FOR SELECT TO {SCHEDULER_ROLE} USING (dispatched_at IS NULL)",
        f"CREATE POLICY owed ON outgoing_mails FOR SELECT TO {SCHEDULER_ROLE} USING (sent_at IS NULL)",
        f"GRANT SELECT, UPDATE ON timers TO {SCHEDULER_ROLE}",
        # What is owed to people outside of any organization: by whom and when, nothing of who they are.
        f"GRANT SELECT (id, erase_at) ON users TO {SCHEDULER_ROLE}",
        f"GRANT SELECT (id, due_at) ON data_exports TO {SCHEDULER_ROLE}",
        f"GRANT SELECT (id, finished_at) ON newsletters TO {SCHEDULER_ROLE}",
        f"GRANT SELECT (organization_id, id, at, attempts, dispatched_at) ON activities TO {SCHEDULER_ROLE}",
        f"GRANT SELECT (organization_id, id, next_try_at, sent_at, failed_at) ON outgoing_mails TO {SCHEDULER_ROLE}",
        f"REVOKE ALL ON alembic_version FROM {APP_ROLE}",
        # History and audit are append-only: only the dispatch of an activity may be noted.
        f"REVOKE UPDATE, DELETE, TRUNCATE ON activities, changes FROM {APP_ROLE}",
        f"GRANT UPDATE (dispatched_at, attempts, error) ON activities TO {APP_ROLE}",
        # History goes with an organization whose 30 days are over, and with nothing else.
        _ERASE_HISTORY,
        "REVOKE EXECUTE ON FUNCTION erase_history FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION erase_history TO {APP_ROLE}",
        # But who is anonymised is not named by their own history either.
        "CREATE FUNCTION forget_member_names(ids bigint[]) RETURNS void"
        " LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp"
        " BEGIN ATOMIC UPDATE changes SET fields = fields - ARRAY['name', 'email', 'job_title']"
        " WHERE organization_id = app_org() AND noun = 'member' AND subject_id = ANY(ids); END",
        "REVOKE EXECUTE ON FUNCTION forget_member_names FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION forget_member_names TO {APP_ROLE}",
        # What was deleted for good leaves no words in the history, only that something was done and by whom.
        "CREATE FUNCTION forget_subjects(kind text, ids bigint[]) RETURNS void"
        " LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp"
        " BEGIN ATOMIC UPDATE changes SET fields = '{}' WHERE organization_id = app_org() AND noun = kind"
        " AND subject_id = ANY(ids);"
        " UPDATE activities SET payload = '{}' WHERE organization_id = app_org() AND noun = kind"
        " AND subject_id = ANY(ids); END",
        "REVOKE EXECUTE ON FUNCTION forget_subjects FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION forget_subjects TO {APP_ROLE}",
        f"GRANT SELECT (finished_at, paused_at, next_try_at) ON backfills TO {SCHEDULER_ROLE}",
        *_for_the_operator(),
    ):
        operations.execute(statement)


#: What the operator's console reads of all tenants: which rows, and of them which columns. No text that people wrote
#: but names of organizations, addresses of mail that did not arrive and subjects of mail that has no home yet.
_OPERATED = {
    "organizations": ("true", "id, slug, name, plan, created_at, deleted_at"),
    "members": ("true", "organization_id, id, kind, user_id, role, left_at, last_seen_at"),
    "attachments": ("true", "organization_id, id, size_bytes"),
    "timers": ("true", "organization_id, id, key, alarm, subject_id, wake_at, attempts, claimed_until"),
    "activities": ("dispatched_at IS NULL", "organization_id, id, verb, noun, at, attempts, dispatched_at, error"),
    "outgoing_mails": (
        "sent_at IS NULL OR failed_at IS NOT NULL",
        "organization_id, id, to_address, created_at, next_try_at, attempts, sent_at, failed_at, error",
    ),
    "incoming_mails": (
        "fate IN ('received', 'unreadable', 'unroutable', 'failed')",
        "organization_id, id, address, sender_address, subject, size_bytes, received_at, fate, reason, attempts",
    ),
    "operator_visits": ("true", "organization_id, id, user_id, reason, began_at, ends_at, ended_at"),
}


def _for_the_operator() -> Iterator[str]:
    for table, (rows, columns) in _OPERATED.items():
        yield f"CREATE POLICY operator ON {table} FOR SELECT TO {OPERATOR_ROLE} USING ({rows})"
        yield f"GRANT SELECT ({columns}) ON {table} TO {OPERATOR_ROLE}"
    yield f"GRANT SELECT ON alembic_version TO {OPERATOR_ROLE}"
    for table, columns in (("users", "id, name, email"), ("backfills", "name, finished_at, paused_at, error")):
        yield f"GRANT SELECT ({columns}) ON {table} TO {OPERATOR_ROLE}"
