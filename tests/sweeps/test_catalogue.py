"""The second wall as PostgreSQL itself describes it: policies, keys, indexes, functions and roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.kernel.database import APP_ROLE, OPERATOR_ROLE, SCHEDULER_ROLE

#: Tables that belong to no organization, and why. Everything else is walled off.
UNTENANTED = {
    "alembic_version": "the number of the last migration; the application cannot read it",
    "users": "people sign in before they are in any organization, and may be in many",
    "user_sessions": "browsers of users",
    "account_tokens": "links that prove a user's address",
    "authenticators": "second factors of users, their secrets encrypted",
    "provider_identities": "accounts of users at GitHub, Google and others; names whose connection it is, if one's",
    "recovery_codes": "for users whose phone is gone, as hashes",
    "security_events": "what happened at the door, for the operator; names an organization where there was one",
    "devices": "browsers of users that take Web Push",
    "push_keys": "the one key pair by which push services know this instance",
    "backfills": "how far work on old rows of every organization is",
    "user_details": "what a person tells of themselves, sealed; read for its owner alone",
    "newsletter_subscriptions": "which newsletters a user reads",
    "newsletters": "letters from whoever runs the instance, to users",
    "data_exports": "copies of a user's own data",
    "doors": "leads to an organization before one is known; holds names and hashes only",
}
#: Tables whose policy is not the usual one, and why.
OWN_POLICY = {
    "organizations": "its own id is the organization",
    "outgoing_mails": "an account's mail belongs to no organization, and is seen outside of any",
    "incoming_mails": "mail to nobody's address belongs to no organization, and is seen outside of any",
}
#: Functions that run as their owner, past every policy, and what holds them.
DEFINERS = {
    "my_organizations": "names the organizations of app_user(), which the guard sets, and nothing else of them",
    "forget_member_names": "takes names out of the history of members of app_org(), and nothing else",
    "erase_history": "takes the history of app_org(), and only when its 30 days after deletion are over",
    "forget_subjects": "takes the words, not the deeds, out of the history of things of app_org() that were purged",
    "find_documents": "reads search's own table for app_org(); the nouns' `visible` decides what of it is seen",
}
#: What the operator's console and the metrics read of every organization: never what people write to each other.
OPERATED = {
    "organizations": {"id", "slug", "name", "plan", "created_at", "deleted_at"},
    "members": {"organization_id", "id", "kind", "user_id", "role", "left_at", "last_seen_at"},
    "attachments": {"organization_id", "id", "size_bytes"},
    "timers": {"organization_id", "id", "key", "alarm", "subject_id", "wake_at", "attempts", "claimed_until"},
    "activities": {"organization_id", "id", "verb", "noun", "at", "attempts", "dispatched_at", "error"},
    "outgoing_mails": {
        *("organization_id", "id", "to_address", "created_at", "next_try_at"),
        *("attempts", "sent_at", "failed_at", "error"),
    },
    "incoming_mails": {
        *("organization_id", "id", "address", "sender_address", "subject", "size_bytes"),
        *("received_at", "fate", "reason", "attempts"),
    },
    "operator_visits": {"organization_id", "id", "user_id", "reason", "began_at", "ends_at", "ended_at"},
}
#: Policies beside the organization's own, by (table, policy).
MORE_POLICIES = {
    ("organizations", "mine"),
    ("members", "myself"),
    ("timers", "due"),
    ("activities", "owed"),
    ("outgoing_mails", "owed"),
    ("incoming_mails", "owed"),
    *((table, "operator") for table in OPERATED),
}
USUAL = "(organization_id = app_org())"

Ask = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def ask(owner: sa.Engine) -> Ask:
    """`ask(sql)` is the rows of a question to the catalogue."""

    def run(sql: str, **values: Any) -> list[Any]:
        with owner.connect() as connection:
            return list(connection.execute(sa.text(sql), values))

    return run


@pytest.fixture(scope="module")
def tables(ask: Ask) -> list[str]:
    return [
        name
        for (name,) in ask(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') ORDER BY 1"
        )
    ]


@pytest.fixture(scope="module")
def walled(tables: list[str]) -> list[str]:
    return [name for name in tables if name not in UNTENANTED]


def test_the_short_list_is_short_and_true(tables: list[str]) -> None:
    assert UNTENANTED.keys() <= set(tables)
    assert OWN_POLICY.keys() <= set(tables) - UNTENANTED.keys()


def test_every_other_table_is_walled_off(ask: Ask, walled: list[str]) -> None:
    on = {name for (name,) in ask("SELECT relname FROM pg_class WHERE relrowsecurity")}
    assert sorted(set(walled) - on) == []


def test_every_table_with_an_organization_is_walled_off_or_listed(ask: Ask, tables: list[str]) -> None:
    found = {
        name
        for (name,) in ask(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'organization_id'"
        )
    } & set(tables)
    on = {name for (name,) in ask("SELECT relname FROM pg_class WHERE relrowsecurity")}
    assert sorted(found - on - UNTENANTED.keys()) == []


def test_the_policy_is_the_usual_one(ask: Ask, walled: list[str]) -> None:
    policies = {row.tablename: row for row in ask("SELECT * FROM pg_policies WHERE policyname = 'tenant'")}
    assert sorted(set(walled) - policies.keys()) == []
    wrong = [
        name
        for name in walled
        if name not in OWN_POLICY
        and (policies[name].qual, policies[name].with_check, policies[name].cmd) != (USUAL, USUAL, "ALL")
    ]
    assert wrong == []
    assert {role for row in policies.values() for role in _roles(row.roles)} == {APP_ROLE}
    assert {row.permissive for row in policies.values()} == {"PERMISSIVE"}


def _roles(roles: Any) -> list[str]:
    return roles.strip("{}").split(",") if isinstance(roles, str) else list(roles)


def test_there_is_no_policy_that_nobody_knows(ask: Ask) -> None:
    found = {(row.tablename, row.policyname) for row in ask("SELECT * FROM pg_policies WHERE policyname <> 'tenant'")}
    assert found == MORE_POLICIES
    open_to_app = ask(
        "SELECT tablename, policyname, cmd FROM pg_policies WHERE policyname <> 'tenant'"
        " AND :role = ANY (roles) AND cmd <> 'SELECT'",
        role=APP_ROLE,
    )
    assert open_to_app == [], "beside the usual one, policies let the application read at most"


def test_primary_keys_begin_with_the_organization(ask: Ask, walled: list[str]) -> None:
    first = dict(
        ask("""
        SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'p' AND c.connamespace = 'public'::regnamespace""")
    )
    wrong = [name for name in walled if name not in OWN_POLICY and first.get(name) != "organization_id"]
    assert wrong == []


def test_foreign_keys_between_organizations_tables_carry_the_organization(ask: Ask, walled: list[str]) -> None:
    """PostgreSQL checks foreign keys past every policy: only the key itself keeps them from pointing across."""
    keys = ask("""
        SELECT c.conname, c.conrelid::regclass::text AS here, c.confrelid::regclass::text AS there,
               array(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(n, i)
                       JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.i) AS columns,
               array(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(n, i)
                       JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.i) AS targets
          FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace""")
    among = [key for key in keys if key.here in walled and key.there in walled and key.there != "organizations"]
    assert len(among) > 20
    wrong = [
        key.conname
        for key in among
        if ("organization_id", "organization_id") not in zip(key.columns, key.targets, strict=True)
    ]
    assert wrong == []
    targets = set(walled) - {"organizations"}
    into = [key.conname for key in keys if key.here in UNTENANTED and key.there in targets]
    assert into == [], "what belongs to no organization points at none of an organization's rows"


def test_every_foreign_key_has_an_index_that_begins_with_it(ask: Ask) -> None:
    """Else every deletion of what it points at reads the whole table."""
    bare = ask("""
        SELECT c.conname FROM pg_constraint c
         WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
           AND NOT EXISTS (
             SELECT FROM pg_index i
              WHERE i.indrelid = c.conrelid AND i.indisvalid
                AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$')
                AND (SELECT array_agg(k ORDER BY k) FROM unnest(c.conkey) k)
                  = (SELECT array_agg(k ORDER BY k) FROM unnest((string_to_array(i.indkey::text, ' ')::int2[])
                       [1:cardinality(c.conkey)]) k))""")
    assert [name for (name,) in bare] == []


def test_deleting_somebody_sets_one_column_null_and_never_the_organization(ask: Ask) -> None:
    """`ON DELETE SET NULL` of a composite key names its column, or it would empty the organization, too."""
    wrong = ask(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'n'"
        " AND cardinality(conkey) > 1 AND coalesce(cardinality(confdelsetcols), 0) <> 1"
    )
    assert wrong == []


def test_views_ask_as_whoever_asks(ask: Ask) -> None:
    assert ask("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'm'") == []
    plain = ask(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'"
        " AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false)"
    )
    assert plain == []


def test_functions_that_pass_the_wall_are_listed_and_held(ask: Ask) -> None:
    found = ask("SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef")
    assert {row.proname for row in found} == set(DEFINERS)
    loose = [row.proname for row in found if not any(item.startswith("search_path=") for item in row.proconfig or ())]
    assert loose == [], "fix the search_path, or anybody's function of the same name runs as the owner"


def test_the_roles_are_nobody(ask: Ask) -> None:
    for role in (APP_ROLE, SCHEDULER_ROLE, OPERATOR_ROLE):
        (found,) = ask("SELECT * FROM pg_roles WHERE rolname = :role", role=role)
        may = {found.rolsuper, found.rolbypassrls, found.rolcreatedb, found.rolcreaterole}
        assert may == {False}
        assert not found.rolreplication
        assert ask("SELECT relname FROM pg_class WHERE relowner = :oid", oid=found.oid) == []
        assert ask("SELECT proname FROM pg_proc WHERE proowner = :oid", oid=found.oid) == []
        member_of = ask(
            "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
            " JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = :role",
            role=role,
        )
        assert member_of == []
        assert ask("SELECT has_schema_privilege(:role, 'public', 'CREATE')", role=role) == [(False,)]


#: Rows of people that are owed something, and the column that says when.
_OWED_TO_PEOPLE = {"users": "erase_at", "data_exports": "due_at", "newsletters": "finished_at"}


def test_the_scheduler_sees_what_is_due_and_nothing_else(ask: Ask, tables: list[str]) -> None:
    readable = {
        name
        for name in tables
        if ask("SELECT has_any_column_privilege(:role, :name, 'SELECT')", role=SCHEDULER_ROLE, name=name)[0][0]
    }
    mails = {"outgoing_mails", "incoming_mails"}
    assert readable == {"timers", "activities", "backfills", *mails, *_OWED_TO_PEOPLE}
    for table, due in _OWED_TO_PEOPLE.items():
        held = ask(
            "SELECT a.attname FROM pg_attribute a WHERE a.attrelid = cast(:name AS regclass) AND a.attnum > 0"
            " AND has_column_privilege(:role, :name, a.attname, 'SELECT')",
            role=SCHEDULER_ROLE,
            name=table,
        )
        assert {name for (name,) in held} == {"id", due}
    columns = {
        name
        for (name,) in ask(
            "SELECT a.attname FROM pg_attribute a WHERE a.attrelid = 'activities'::regclass AND a.attnum > 0"
            " AND has_column_privilege(:role, 'activities', a.attname, 'SELECT')",
            role=SCHEDULER_ROLE,
        )
    }
    assert "payload" not in columns


def test_the_operator_reads_the_listed_columns_and_writes_nothing(ask: Ask, tables: list[str]) -> None:
    held = ask(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        " AND has_column_privilege(:role, c.oid, a.attnum, 'SELECT')",
        role=OPERATOR_ROLE,
    )
    readable: dict[str, set[str]] = {}
    for table, column in held:
        readable.setdefault(table, set()).add(column)
    assert readable == OPERATED | {
        "alembic_version": {"version_num"},
        "users": {"id", "name", "email"},
        "backfills": {"name", "finished_at", "paused_at", "error"},
    }
    for right in ("INSERT", "UPDATE"):
        asked = "SELECT has_any_column_privilege(:role, :name, :right)"
        assert [name for name in tables if ask(asked, role=OPERATOR_ROLE, name=name, right=right)[0][0]] == []


def test_the_application_cannot_rewrite_history(ask: Ask) -> None:
    for table in ("activities", "changes"):
        for right in ("DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"):
            held = ask("SELECT has_table_privilege(:role, :name, :right)", role=APP_ROLE, name=table, right=right)
            assert held == [(False,)]
    assert ask("SELECT has_any_column_privilege(:role, 'changes', 'UPDATE')", role=APP_ROLE) == [(False,)]


def test_the_application_cannot_lift_the_wall(ask: Ask, walled: list[str]) -> None:
    for right in ("TRUNCATE", "TRIGGER", "REFERENCES"):
        found = [
            name
            for name in walled
            if ask("SELECT has_table_privilege(:role, :name, :right)", role=APP_ROLE, name=name, right=right)[0][0]
        ]
        assert found == [], right


def test_filters_use_types_whose_operators_reach_an_index(ask: Ask) -> None:
    """Under a policy only leakproof operators do: no native enums, and no arrays or ranges in indexes."""
    assert ask("SELECT typname FROM pg_type WHERE typtype = 'e' AND typnamespace = 'public'::regnamespace") == []
    indexed = ask("""
        SELECT i.indexrelid::regclass::text, t.typname FROM pg_index i
          JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace
          JOIN pg_attribute a ON a.attrelid = i.indexrelid JOIN pg_type t ON t.oid = a.atttypid
         WHERE t.typname IN ('jsonb', 'numeric', 'tsvector') OR t.typcategory IN ('A', 'R')""")
    assert indexed == []
