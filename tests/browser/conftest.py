"""A real server over the whole story, and Debian's Chromium before it: pages as people have them.

One server and one browser for the session. Where there is no browser the tests are skipped, and say so; under CI they
fail. A journey asks for `visitor`, which has signed in as somebody, and for `watched`, which looks at what it meets.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, sync_playwright

from api.app import create_app
from api.identity.accounts import accounts_of
from api.identity.identified import Identified
from api.identity.keyring import Keyring
from api.identity.tables import SCHEMA
from ledger.engine import open_database
from tests.browser.free_port import free_port
from tests.projections.year_ledger import Year, copied, told_in

CHROMIUM: Final = "/usr/bin/chromium"
DESKTOP: Final[ViewportSize] = {"width": 1366, "height": 768}
PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
NO_BROWSER: Final = (
    f"NO BROWSER: {CHROMIUM} is not there, so no page was looked at in a browser; install it with "
    "`apt-get install chromium fonts-noto-cjk` and run again"
)
STARTING_SECONDS: Final = 60


@dataclass(frozen=True)
class Served:
    """A server that runs: where it is, and the ledger behind it."""

    address: str
    year: Year


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give a real server on loopback over a copy of the story, in which people can be chosen."""
    folder = tmp_path_factory.mktemp("browser")
    year = copied(told_in(tmp_path_factory.mktemp("told") / "ledger.db"), folder)
    engine = open_database(f"sqlite:///{folder / 'accounts.db'}", SCHEMA)
    identities = Identified(accounts_of(year.ledger, engine, Keyring(b"k" * 32)), secure=False)
    app = create_app(ledger=year.ledger, follower=year.follower(), identities=identities)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + STARTING_SECONDS
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    yield Served(f"http://127.0.0.1:{port}", year)
    server.should_exit = True
    thread.join(timeout=STARTING_SECONDS)
    engine.dispose()
    year.close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Give playwright; without a browser, skip loudly, or fail where it must be there."""
    if not Path(CHROMIUM).exists() and shutil.which("chromium") is None:
        if os.environ.get("CI"):
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Give the browser; it asks nobody but our server."""
    path = CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")
    launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
    yield launched
    launched.close()


@dataclass
class Visitor:
    """Somebody in front of a browser, and everything that went wrong while he was there."""

    page: Page
    address: str
    person: str | None
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def opens(self, path: str) -> Page:
        """Open a page, look at it, and return it."""
        self.page.goto(self.address + path)
        self.looks()
        return self.page

    def presses(self, words: str) -> Page:
        """Press a button or follow a link by what stands on it, and look at the page it leads to."""
        pressed = self.page.get_by_role("button", name=words, exact=True).or_(
            self.page.get_by_role("link", name=words, exact=True)
        )
        pressed.first.click()
        self.page.wait_for_load_state()
        self.looks()
        return self.page

    def looks(self) -> None:
        """Note what would keep somebody from using this page: what axe finds, and what does not fit on the screen."""
        found = Axe().run(self.page).response["violations"]
        for each in found:
            where = "; ".join(str(node["target"]) for node in each["nodes"][:3])
            self.complaints.append(f"{self.page.url}: {each['id']}: {each['help']} ({where})")
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.complaints.append(f"{self.page.url}: {wide} px do not fit on the screen")

    def require_content(self) -> None:
        """Raise `AssertionError` with everything that went wrong on the way."""
        elsewhere = [each for each in self.asked if not each.startswith((self.address, "data:"))]
        assert self.complaints == []
        assert elsewhere == []


Signs = Callable[..., Visitor]


@pytest.fixture
def signs_in(served: Served, browser: Browser) -> Iterator[Signs]:
    """Give what opens a browser for a person (None: for nobody) who has been chosen from the demonstration's list.

    At the end everybody must be content: no violation found by axe, nothing wider than the screen, no error in the
    console, no request to any other machine.
    """
    contexts: list[tuple[BrowserContext, Visitor]] = []

    def sign_in(person: str | None, *, phone: bool = False, language: str = "zh-CN", dark: bool = False) -> Visitor:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            locale=language,
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        visitor = Visitor(context.new_page(), served.address, person)
        _watch(visitor)
        contexts.append((context, visitor))
        if person is not None:
            visitor.page.goto(f"{served.address}/sign-in/demo")
            visitor.page.locator(f'button[name="person"][value="{person}"]').click()
            visitor.page.wait_for_load_state()
        return visitor

    yield sign_in
    for context, visitor in contexts:
        context.close()
        visitor.require_content()


def _watch(visitor: Visitor) -> None:
    page = visitor.page
    page.on("request", lambda request: visitor.asked.append(request.url))
    page.on("pageerror", lambda error: visitor.complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda said: (
            visitor.complaints.append(f"{page.url}: {said.text}") if said.type in ("error", "warning") else None
        ),
    )


def path_of(page: Page) -> str:
    """Return the path of the page that is shown."""
    return urlsplit(page.url).path
