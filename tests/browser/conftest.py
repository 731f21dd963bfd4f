"""The browser of the walks: the chromium that the launcher found, pages in Indonesian, an office's own time zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

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
    # axe is injected into pages that allow no foreign script; what the policy refuses a page is still reported.
    return {"locale": "id-ID", "timezone_id": "Asia/Jakarta", "bypass_csp": True}


@pytest.fixture(autouse=True)
def impatience(context: BrowserContext) -> None:
    """Every page of ours answers within seconds; a walk that waits longer has already failed."""
    context.set_default_timeout(10_000)
