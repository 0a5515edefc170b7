"""Which providers there are: those of the installation, and those that a room above knows of (organizations' own)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from flask import current_app

from app.kernel.words import gettext as _

GOOGLE = "https://accounts.google.com"


class Kind(StrEnum):
    OIDC = "oidc"
    GITHUB = "github"


@dataclass(frozen=True)
class Provider:
    """Somebody who is asked who a person is, and how. With `organization_id` it counts in that organization alone."""

    key: str
    name: str
    kind: Kind
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    organization_id: int | None = None
    connection_id: int | None = None
    #: Where people go who came in by it.
    home: str = ""
    #: Mail domains that its organization has proved.
    domains: frozenset[str] = frozenset()
    #: Whether who comes for the first time becomes a member.
    makes_members: bool = False


class Source(Protocol):
    """A room that has providers of its own, their keys beginning with its prefix."""

    def find(self, key: str) -> Provider | None:
        """The provider, if it may be used now."""

    def has_member(self, provider: Provider, user_id: int) -> bool:
        """Whether a person works in its organization."""

    def welcome(self, provider: Provider, user_id: int) -> None:
        """Make a member of who was just let in. Raises Refused."""


_sources: dict[str, Source] = {}


def add_source(prefix: str, source: Source) -> None:
    """Let a room above say which providers its keys (`prefix-…`) name."""
    _sources[prefix] = source


def source_of(provider: Provider) -> Source:
    """The room that a provider with an organization comes from."""
    return _sources[provider.key.partition("-")[0]]


def find_provider(key: str) -> Provider | None:
    """The provider of a key, or None. Those of the installation cost no statement."""
    for provider in for_everybody():
        if provider.key == key:
            return provider
    source = _sources.get(key.partition("-")[0])
    return source.find(key) if source else None


def for_everybody() -> list[Provider]:
    """The providers that the operator set up, in the order of their buttons."""
    config: Any = current_app.extensions["trestleboard"]
    found = []
    if config.oidc_client_id and config.oidc_issuer:
        secret = config.oidc_client_secret
        name = config.oidc_name if config.oidc_name != "single sign-on" else _("single sign-on")
        found.append(Provider("oidc", name, Kind.OIDC, config.oidc_issuer, config.oidc_client_id, secret))
    if config.google_client_id:
        secret = config.google_client_secret
        found.append(Provider("google", "Google", Kind.OIDC, GOOGLE, config.google_client_id, secret))
    if config.github_client_id:
        secret = config.github_client_secret
        found.append(Provider("github", "GitHub", Kind.GITHUB, config.github_url, config.github_client_id, secret))
    return found
