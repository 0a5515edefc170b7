"""The operator's DATABASE_URL and REDIS_URL: checked early, so that a slip is one sentence and not a traceback."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from config import ConfigurationError

_DATABASE_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_REDIS_SCHEMES = ("redis", "rediss", "unix")
#: Oldest PostgreSQL we run on.
OLDEST_POSTGRES = 15


def database_address(text: str) -> str:
    """The URL with our driver named, as SQLAlchemy wants it. Raises ConfigurationError; never repeats a password."""
    url = _split("DATABASE_URL", text, _DATABASE_SCHEMES, example="postgresql://user:password@host/database")
    if not (url.path.strip("/") or any(name == "dbname" for name, _ in parse_qsl(url.query))):
        raise ConfigurationError(
            "DATABASE_URL names no database: it should look like postgresql://user:password@host/database."
        )
    return "postgresql+psycopg:" + text.strip().split(":", 1)[1]


def redis_address(text: str) -> str:
    """The URL as redis-py wants it. Raises ConfigurationError."""
    url = _split("REDIS_URL", text, _REDIS_SCHEMES, example="redis://host:6379/0")
    if url.scheme == "unix" and not url.path.startswith("/"):
        raise ConfigurationError("REDIS_URL names no socket: it should look like unix:///path/to/valkey.sock.")
    return text.strip()


def _split(name: str, text: str, schemes: tuple[str, ...], *, example: str) -> SplitResult:
    try:
        url = urlsplit(text.strip())
        url.port  # noqa: B018  reading it is what checks it
    except ValueError:
        raise ConfigurationError(f"{name} cannot be read: it should look like {example}.") from None
    if url.scheme not in schemes or "//" not in text:
        raise ConfigurationError(f"{name} must begin with {schemes[0]}://, like {example}.")
    return url


def libpq_address(address: str) -> tuple[str, str | None]:
    """The same address for PostgreSQL's own programs: without our driver, and the password apart, for PGPASSWORD."""
    url = urlsplit(address)
    user, _, host = url.netloc.rpartition("@")
    name, _, password = user.partition(":")
    netloc = f"{name}@{host}" if name else host
    rest = f"{url.path}?{url.query}" if url.query else url.path
    return f"postgresql://{netloc}{rest}", unquote(password) or None


def check_database(address: str) -> None:
    """Connect once. Raises ConfigurationError with the server's own reason."""
    import psycopg

    try:
        with psycopg.connect("postgresql:" + address.split(":", 1)[1], connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        raise ConfigurationError(f"The database in DATABASE_URL cannot be used: {_reason(error)}.") from None
    if version < OLDEST_POSTGRES:
        raise ConfigurationError(
            f"The database in DATABASE_URL is PostgreSQL {version}; {OLDEST_POSTGRES} or newer is needed."
        )


def check_redis(address: str) -> None:
    """Connect once. Raises ConfigurationError with the server's own reason."""
    import redis

    try:
        with redis.from_url(address, socket_connect_timeout=10, socket_timeout=10) as connection:
            connection.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        raise ConfigurationError(f"The server in REDIS_URL cannot be used: {_reason(error)}.") from None


def _reason(error: Exception) -> str:
    """The last thing said, on one line and without its full stop: libpq tells first all that it tried."""
    said = [line.strip() for line in str(error).splitlines() if line.strip()]
    hints = ("Is the server running", "- host:", "Multiple connection")
    kept = [line for line in said if not line.startswith(hints)] or [type(error).__name__]
    return kept[-1].removeprefix("connection failed: ").rstrip(".")
