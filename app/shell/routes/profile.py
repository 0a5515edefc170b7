"""Where a person's own page was before it left the organizations."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from app.shell.policies import P
from app.shell.routes import bp
from app.web.guard import requires
from app.web.replies import go


@bp.get("/profile")
@requires(P.PROFILE)
def show_profile() -> ResponseReturnValue:
    return go(url_for("accounts.show_profile"))
