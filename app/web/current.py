"""Who is here: the member and organization of this request, as the guard found them."""

from __future__ import annotations

from typing import Any

from flask import g
from werkzeug.local import LocalProxy

#: The organization in the address, or a proxy of None.
current_organization: Any = LocalProxy(lambda: g.get("organization"))
#: The member the signed-in user is there, or a proxy of None. Pass it as `by=`.
current_member: Any = LocalProxy(lambda: g.get("member"))
