"""The rows of people: `users` and what signs them in."""

from app.accounts.models.details import NAMES, Details, UserDetails, seal
from app.accounts.models.exports import DataExport, Stage
from app.accounts.models.identities import ProviderIdentity
from app.accounts.models.newsletters import Newsletter, Subscription, Topic
from app.accounts.models.second_factors import Authenticator, RecoveryCode
from app.accounts.models.users import AccountToken, Method, SecurityEvent, Theme, TokenKind, User, UserSession

__all__ = [
    "NAMES",
    "AccountToken",
    "Authenticator",
    "DataExport",
    "Details",
    "Method",
    "Newsletter",
    "ProviderIdentity",
    "RecoveryCode",
    "SecurityEvent",
    "Stage",
    "Subscription",
    "Theme",
    "TokenKind",
    "Topic",
    "User",
    "UserDetails",
    "UserSession",
    "seal",
]
