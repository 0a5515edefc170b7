"""A tiny application around templates/web and static/, for driving the behaviours in a real browser.

It has one board, one form and one long list, keeps its state in memory, and sends the strict CSP.
"""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

from flask import Flask, Response, abort, flash, make_response, render_template, request, send_from_directory, url_for
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.serving import make_server

from app.web import words

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

TITLES = (
    "Let drivers photograph a damaged pallet without leaving the stop",
    "Quote form forgets the pickup window",
    "Import historic rates from the 2019 spreadsheets",
    "Explain surcharges in plain words on the invoice",
    "Dark theme for the yard displays",
    "Show customs status on the tracking page",
    "Rate limits for the public quote API",
    "Live map drops vehicles when two depots share a geofence",
    "Keyboard path through the booking wizard",
    "Send delivery windows by SMS an hour before arrival",
    "Merge duplicate consignees on import",
    "Passkeys for dispatchers",
)
STATES = {
    "1": ("Backlog", "backlog"),
    "2": ("Todo", "unstarted"),
    "3": ("In progress", "started"),
    "4": ("Done", "completed"),
}
LABELS = (("Bug", 1), ("Billing", 2), ("Data", 4), ("Tracking", 5), ("API", 6))


class World:
    """What the harness remembers; the test reads it."""

    def __init__(self) -> None:
        self.cards = [
            SimpleNamespace(
                id=n + 1,
                key=f"WEB-{n + 1}",
                title=title,
                state=str(1 + n % 3),
                priority=n % 5,
                label=LABELS[n % 5],
                labels=set(),
            )
            for n, title in enumerate(TITLES)
        ]
        self.version = 1
        self.refuse = ""
        self.posts: list[tuple[str, dict]] = []
        self.drafts: list[dict] = []
        self.asked: list[str] = []
        self.rows = 60

    def column(self, state: str) -> list[SimpleNamespace]:
        return [card for card in self.cards if card.state == state]

    def card(self, ident: str) -> SimpleNamespace:
        return next(card for card in self.cards if str(card.id) == str(ident))


def create_app(world: World) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.secret_key = "harness"
    app.jinja_loader = ChoiceLoader([FileSystemLoader(HERE / "pages"), FileSystemLoader(ROOT / "templates")])
    app.jinja_env.globals.update(
        asset=lambda path: f"/static/v1/{path}",
        csrf_token=lambda: "token",
        once=lambda macro: macro,
        face_of=lambda member: None,
        may=lambda *_: True,
        STATES=STATES,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    words.init_app(app)
    app.jinja_env.filters.update(moment=str, exact=str, day=str)
    anna = SimpleNamespace(id=7, name="Anna Kowalski", initials="AK", hue=8, kind="person")

    @app.context_processor
    def everywhere() -> dict:
        return {
            "current_member": anna,
            "current_user": anna,
            "world": world,
            "organization": SimpleNamespace(name="Kestrel Freight", slug="kestrel", initials="KF", hue=6),
            "theme": request.args.get("theme", ""),
            "palette_url": url_for("palette"),
            "draft_url": url_for("drafts"),
            "layout": "web/fragment.html" if request.headers.get("HX-Request-Type") == "partial" else "web/layout.html",
        }

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = CSP
        if request.method == "POST":
            world.posts.append((request.path, {key: request.form.getlist(key) for key in request.form}))
            if request.headers.get("X-CSRFToken") != "token" and request.form.get("csrf_token") != "token":
                response.status_code = 400
        return response

    @app.get("/static/v1/<path:path>")
    def asset(path: str) -> Response:
        return send_from_directory(ROOT / "static", path)

    @app.get("/board")
    def board() -> str:
        return render_template("board.html")

    @app.get("/board/columns")
    def columns() -> str:
        world.asked.append(request.full_path)
        return render_template("_columns.html")

    @app.get("/heartbeat")
    def heartbeat() -> Response:
        if request.args.get("version") == str(world.version):
            return Response(status=204)
        reply = make_response(render_template("_heartbeat.html"))
        reply.headers["HX-Trigger"] = json.dumps({"moved": {"topics": ["board-1", "list-1"]}})
        return reply

    @app.post("/board/moves")
    def move() -> Response:
        if world.refuse:
            return Response(status=409, headers={"X-Message": quote(world.refuse)})
        moved = [world.card(ident) for ident in request.form.getlist("ids")]
        rest = [card for card in world.cards if card not in moved]
        above = request.form.get("after")
        for card in moved:
            card.state = request.form["state"]
        at = next((n + 1 for n, card in enumerate(rest) if above and str(card.id) == above), 0)
        world.cards = rest[:at] + moved + rest[at:]
        return make_response(render_template("_said.html", text=f"{moved[0].key} moved", undo="/board/undo"))

    @app.post("/board/undo")
    def undo() -> Response:
        return make_response(render_template("_said.html", text="Taken back", undo=None))

    @app.get("/board/menu/<field>")
    def menu(field: str) -> str:
        return render_template(
            f"_menu_{field}.html", chosen=[world.card(ident) for ident in request.args.getlist("ids")]
        )

    @app.post("/board/states")
    def states() -> Response:
        for ident in request.form.getlist("ids"):
            world.card(ident).state = request.form["state"]
        world.version += 1
        return make_response(render_template("_said.html", text="State changed", undo="/board/undo"))

    @app.post("/board/labels")
    def labels() -> Response:
        if world.refuse:
            return Response(status=403, headers={"X-Message": quote(world.refuse)})
        return Response(status=204)

    @app.get("/board/peek/<ident>")
    def peek(ident: str) -> str:
        return render_template("_peek.html", card=world.card(ident))

    @app.get("/board/cards/<ident>")
    def show(ident: str) -> str:
        return render_template("show.html", card=world.card(ident))

    @app.route("/issues/new", methods=["GET", "POST"])
    def new() -> Response:
        if request.method == "GET":
            return make_response(render_template("_new.html", error=""))
        if not request.form["title"].strip():
            return make_response(render_template("_new.html", error="An issue needs a title."), 422)
        reply = make_response(render_template("_said.html", text="Created", undo=None))
        reply.headers["HX-Trigger"] = "close-dialog"
        return reply

    @app.post("/drafts")
    def drafts() -> Response:
        world.drafts.append(request.form.to_dict())
        return Response(status=204)

    @app.get("/list")
    def rows() -> str:
        return render_template("list.html", until=int(request.args.get("until", 20)))

    @app.get("/list/region")
    def region() -> str:
        world.asked.append(request.full_path)
        return render_template("_rows.html", start=1, until=int(request.args.get("until", 20)), whole=True)

    @app.get("/list/more")
    def more() -> str:
        start = int(request.args["start"])
        return render_template("_rows.html", start=start, until=min(start + 19, world.rows), whole=False)

    @app.get("/form")
    def form() -> str:
        if "flash" in request.args:
            flash("Saved")
        return render_template("form.html")

    @app.post("/delete")
    def delete() -> Response:
        return make_response(render_template("_said.html", text="Deleted", undo=None))

    @app.get("/empty")
    def empty() -> str:
        return render_template("empty.html")

    @app.get("/door")
    def door() -> str:
        return render_template("door.html")

    @app.get("/palette")
    def palette() -> str:
        return render_template(
            "_found.html",
            found=[card for card in world.cards if request.args.get("q", "").lower() in card.title.lower()][:5],
        )

    @app.get("/error/<int:code>")
    def error(code: int) -> tuple[str, int]:
        if "alone" in request.args:
            return render_template(
                "web/error.html", status=code, layout="web/bare.html", organization=None, request_id="7f3a"
            ), 200
        return render_template("web/error.html", status=code, request_id="7f3a"), 200

    @app.get("/gone")
    def gone() -> None:
        abort(404)

    return app


class Server:
    """The harness on a free port, in a thread of its own."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").disabled = True
        self.world = World()
        self.server = make_server("127.0.0.1", 0, create_app(self.world), threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self) -> World:
        self.world.__init__()
        return self.world

    def close(self) -> None:
        self.server.shutdown()


if __name__ == "__main__":
    make_server("127.0.0.1", 5055, create_app(World()), threaded=True).serve_forever()
