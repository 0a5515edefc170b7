"""Live versions: an opaque token a topic, in Redis, that moves when something of the topic was committed.

Pages ask by heartbeat (`web.live`) whether a version they show has moved. Redis may be wiped at any moment: a missing
version differs from every token, so pages refetch once and all is well.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

import structlog
from redis import Redis, RedisError

from app.kernel.database import current_organization_id, db

log = structlog.get_logger(__name__)

#: Seconds a version is kept; longer than any page's signed list of topics is valid.
KEPT = 48 * 3600
NEVER_MOVED = "0"


def touch(*topics: str) -> None:
    """Say that these topics of the current organization move when this transaction commits; the widest first.

    A reply to the mover names only the first of them.
    """
    found = current_organization_id()
    db.session.connection()  # a transaction must have begun for its end to publish or forget this
    db.session.info.setdefault("touched", {}).update((f"{found}:{topic}", None) for topic in topics)


def user_topic(user_id: int) -> str:
    """The full topic of a person's sign-ins, which belong to no organization."""
    return f"0:user-{user_id}"


def touch_user(user_id: int) -> None:
    """Say that where this person is signed in changes when this transaction commits."""
    db.session.connection()
    db.session.info.setdefault("touched", {})[user_topic(user_id)] = None


def publish(redis: Redis, topics: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Give full topics (`organization:topic`) new versions: `{topic: (former, new)}`.

    The mover's own page adopts the new version only if it had seen the former one, so it skips its own echo and
    nobody else's. An unreachable Redis is logged: pages then miss one refresh, no data.
    """
    moved = {topic: secrets.token_hex(6) for topic in topics}
    try:
        with redis.pipeline(transaction=False) as pipe:
            for topic, version in moved.items():
                pipe.set(f"live:{topic}", version, ex=KEPT, get=True)
            former = pipe.execute()
    except RedisError as error:
        log.warning("live.unreachable", error=str(error))
        return {}
    return {topic: (_read(old), version) for (topic, version), old in zip(moved.items(), former, strict=True)}


def versions(redis: Redis, topics: Iterable[str]) -> Mapping[str, str]:
    """The present version of each full topic. Raises RedisError when Redis cannot be reached."""
    names = list(topics)
    found = redis.mget([f"live:{name}" for name in names]) if names else []
    return {name: _read(value) for name, value in zip(names, found, strict=True)}


def _read(value: bytes | str | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or NEVER_MOVED
