"""Where a page finds its style sheet and scripts: the built file when there is one, else its source.

The build names each output by its content and writes `static/built/manifest.json` (logical name -> built name). Pages
work without a build: look.css and app.js are served as they were written.
"""

from __future__ import annotations

import json
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, send_from_directory, url_for

from forms.web.guard import opens_to

HERE = Path(__file__).parent
SOURCES = HERE / "assets"
BUILT = HERE / "static" / "built"
OFFERED = frozenset({"look.css", "office.css", "app.js", "inbox.js", "counting.js",
                     *(f"form/{one.name}" for one in (SOURCES / "form").iterdir())})
"""Sources that a browser can use unbuilt; the diagram needs its libraries bundled."""

bp = Blueprint("assets", __name__)


def install(app: Flask) -> None:
    """Read the manifest once and give templates `aset` and `ada_aset`."""
    manifest = BUILT / "manifest.json"
    app.extensions["built"] = json.loads(manifest.read_text("utf-8")) if manifest.is_file() else {}
    app.jinja_env.globals.update(aset=address, ada_aset=available)


def _built(name: str) -> str | None:
    found = current_app.extensions["built"].get(name)
    return Path(found).name if isinstance(found, str) else None


def available(name: str) -> bool:
    """True when a page may ask for this asset."""
    return _built(name) is not None or name in OFFERED


def address(name: str) -> str:
    """The address of an asset by its logical name."""
    built = _built(name)
    return url_for("static", filename=f"built/{built}") if built else url_for("assets.source", name=name)


@bp.get("/aset/<path:name>")
@opens_to("public")
def source(name: str) -> Response:
    """A source file as written, while nothing is built."""
    if name not in OFFERED:
        abort(404)
    return send_from_directory(SOURCES, name, max_age=0)
