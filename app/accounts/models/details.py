"""What a person tells of themselves and nobody else may read: who they are, and where they are paid."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.crypto import encrypted, encryption
from app.kernel.database import Model


@dataclass(frozen=True, repr=False)
class Details:
    """The one form of what is sealed, all of it optional; empty where nothing was said. No repr: logs never have it."""

    gender: str = ""
    ethnicity: str = ""
    country_of_origin: str = ""
    phone: str = ""
    billing_address: str = ""
    account_holder: str = ""
    bank_name: str = ""
    branch_name: str = ""
    #: An IBAN, or the number of an account in countries without them.
    account_number: str = ""
    #: A BIC, or an IFSC in India.
    bank_code: str = ""
    upi_id: str = ""
    tax_number: str = ""


NAMES = tuple(field.name for field in fields(Details))


class UserDetails(Model):
    """One person's details, encrypted as a whole. Spec: users_userprofile and users_userbankdetails."""

    __tablename__ = "user_details"

    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    #: Encrypted; read and written through `details`.
    sealed: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    @property
    def details(self) -> Details:
        """In the clear. Raises cryptography's InvalidToken when the instance's secret was changed."""
        known: dict[str, Any] = json.loads(encryption().decrypt(self.sealed.encode()))
        return Details(**{name: str(known.get(name, "")) for name in NAMES})

    @details.setter
    def details(self, plain: Details) -> None:
        self.sealed = seal(plain)


def seal(plain: Details) -> str:
    return encryption().encrypt(json.dumps(asdict(plain)).encode()).decode()


encrypted(UserDetails.sealed, "private details")
