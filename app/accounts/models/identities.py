"""Who somebody is elsewhere: accounts of theirs at providers that sign them in here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.database import Model


class ProviderIdentity(Model):
    """One account at one provider. Who signs in is found by it alone, never by the mail address that is told with it.

    Spec: kardon.SocialLoginConnection. What a provider handed over (tokens) is not kept: nothing asks it again.
    """

    __tablename__ = "provider_identities"
    __table_args__ = (UniqueConstraint("provider", "issuer", "subject"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    #: `github`, `google`, `oidc`, or `sso-<id>` for a connection of an organization.
    provider: Mapped[str] = mapped_column(String(40))
    #: Who vouches. A connection that is pointed elsewhere finds none of its former people.
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    #: Whose connection it is; what it signs in to is this organization and nothing else.
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"), index=True)
    #: What the provider said when it was linked; only to tell accounts apart.
    email: Mapped[str | None] = mapped_column(String(254))
    #: Whether the account here was made by the first sign-in with it.
    made_account: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime | None]
