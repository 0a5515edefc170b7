"""Providers: others who say who somebody is. GitHub, Google, OpenID Connect; for everybody, or of one organization.

`known` says which there are, `speaking` asks them, `flows` keeps what a browser is on its way with. Who may come in by
what they say is decided in `accounts.commands.identities`.
"""

from app.accounts.providers.known import Kind, Provider, Source, add_source, find_provider, for_everybody, source_of
from app.accounts.providers.speaking import Claims, Misspoken, ask_for_claims, way_to

__all__ = [
    "Claims",
    "Kind",
    "Misspoken",
    "Provider",
    "Source",
    "add_source",
    "ask_for_claims",
    "find_provider",
    "for_everybody",
    "source_of",
    "way_to",
]
