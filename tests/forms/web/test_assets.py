"""Style sheet and scripts: built when they are, else as written; small, and nothing but what is meant to be seen."""

from __future__ import annotations

import pytest

from forms.web import assets
from tests.builders import Office
from tests.web_builders import Browser

KILOBYTE = 1024


@pytest.fixture
def someone(second_office: Office) -> Browser:
    return Browser(second_office)


def test_without_a_build_pages_use_the_sources(someone: Browser) -> None:
    someone.app.extensions["built"] = {}
    someone.get("/")
    address = someone.page.find("link", rel="stylesheet")["href"]
    assert address == "/aset/look.css"
    assert someone.get(address).mimetype == "text/css"
    assert someone.get("/aset/app.js").mimetype in ("text/javascript", "application/javascript")


def test_with_a_build_pages_use_what_the_manifest_names(someone: Browser) -> None:
    someone.app.extensions["built"] = {"look.css": "look-ABC.css"}
    someone.get("/")
    assert someone.page.find("link", rel="stylesheet")["href"] == "/statis/built/look-ABC.css"


@pytest.mark.parametrize("name", ["build.mjs", "package.json", "../app.py", "diagram.js", "node_modules/x", "form/../app.py"])
def test_nothing_else_of_the_folder_is_handed_out(someone: Browser, name: str) -> None:
    someone.app.extensions["built"] = {}
    assert someone.get(f"/aset/{name}").status_code == 404


def test_what_a_task_page_loads_stays_small() -> None:
    sources = [assets.SOURCES / name for name in ("look.css", "app.js")] + list((assets.SOURCES / "form").iterdir())
    assert sum(one.stat().st_size for one in sources) <= 60 * KILOBYTE
