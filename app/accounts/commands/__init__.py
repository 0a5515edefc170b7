"""Everything that changes a person or how they sign in."""

from app.accounts.commands.second_factors import (
    Shown,
    make_recovery_codes,
    set_up_second_factor,
    show_second_factor,
    take_second_factor_away,
)
from app.accounts.commands.signing import (
    ask_for_proof,
    ask_for_reproof,
    ask_for_reset,
    ask_for_way_in,
    change_password,
    choose_password,
    choose_theme,
    enter_by_mail,
    follow_way_in,
    prove_email,
    reset_password,
    sign_up,
    user_at,
    who_signs_in,
)
from app.accounts.commands.tokens import find_token, use_up

__all__ = [
    "Shown",
    "ask_for_proof",
    "ask_for_reproof",
    "ask_for_reset",
    "ask_for_way_in",
    "change_password",
    "choose_password",
    "choose_theme",
    "enter_by_mail",
    "find_token",
    "follow_way_in",
    "make_recovery_codes",
    "prove_email",
    "reset_password",
    "set_up_second_factor",
    "show_second_factor",
    "sign_up",
    "take_second_factor_away",
    "use_up",
    "user_at",
    "who_signs_in",
]
