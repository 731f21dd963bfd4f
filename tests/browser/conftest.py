"""The browser of the walks: the chromium that the launcher found, pages in Indonesian, an office's own time zone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.house import filled
from tests.browser.pictures import photograph
from tests.browser_tools import chromium_path


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="write the pictures of the README anew")


@pytest.fixture(scope="session")
def take(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Takes a picture of a page when it is asked for by --pictures, else nothing."""
    return photograph if request.config.getoption("--pictures", default=False) else lambda page, name: None


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": chromium_path()}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    # The policy of each page stays in force: what it refuses is reported, and fails the walk.
    return {"locale": "id-ID", "timezone_id": "Asia/Jakarta"}


@pytest.fixture(autouse=True)
def impatience(context: BrowserContext) -> None:
    """Every page of ours answers within seconds; a walk that waits longer has already failed."""
    context.set_default_timeout(10_000)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Gives a copy of the demo's folder, which is filled once per run."""
    model = tmp_path_factory.mktemp("contoh")
    filled(model)
    return lambda: Path(shutil.copytree(model, tmp_path_factory.mktemp("kantor"), dirs_exist_ok=True))
