"""Everything that changes a person or how they sign in."""

from app.accounts.commands.signing import (
    ask_for_proof,
    ask_for_reset,
    change_password,
    choose_theme,
    enter_by_mail,
    find_token,
    prove_email,
    reset_password,
    sign_up,
    update_user,
    user_at,
    who_signs_in,
)

__all__ = [
    "ask_for_proof",
    "ask_for_reset",
    "change_password",
    "choose_theme",
    "enter_by_mail",
    "find_token",
    "prove_email",
    "reset_password",
    "sign_up",
    "update_user",
    "user_at",
    "who_signs_in",
]
