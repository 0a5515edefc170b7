"""The rows of people: `users` and what signs them in."""

from app.accounts.models.users import AccountToken, SecurityEvent, Theme, TokenKind, User, UserSession

__all__ = ["AccountToken", "SecurityEvent", "Theme", "TokenKind", "User", "UserSession"]
