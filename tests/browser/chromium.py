"""A headless Chromium that opens pages from disk, and axe-core, which knows the rules of WCAG.

`.ci/run` installs both where they are missing: Debian's packages chromium and chromium-driver, and from npm what
tests/browser/package.json names.
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_MISSING = "is missing: .ci/run says how to install what these tests need"


class Browser:
    """A browser with one page open."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(
        self, page: Path, width: int = 1440, scheme: str = "light", scripts: bool = True, media: str = "screen"
    ) -> None:
        """Open a page from disk."""
        self._ask("Emulation.setScriptExecutionDisabled", value=not scripts)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self._ask("Emulation.setEmulatedMedia", media=media, features=features)
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self._ask("Emulation.setDeviceMetricsOverride", **size)
        self.driver.get(page.resolve().as_uri())

    def run(self, script: str) -> Any:
        """What a script of the test's own says of the page: its policy doesn't bind us."""
        return self.driver.execute_script(script)

    def violations(self) -> list[str]:
        """What axe-core finds against the rules of WCAG 2.2 AA, each with where."""
        self.run(AXE.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            f"axe.run({{runOnly: {list(_RULES)}}}).then((found) => done(found.violations));"
        )
        return [f"{each['id']}: {node['html'][:150]}" for each in found for node in each["nodes"]]

    def complaints(self) -> list[str]:
        """What the browser itself found wrong since it was asked last: a script or a style against the policy, too."""
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def size(self) -> tuple[int, int]:
        """How wide and high the page is, in pixels."""
        root = "document.documentElement"
        width, height = self.run(f"return [{root}.scrollWidth, {root}.scrollHeight]")
        return width, height

    def print(self) -> bytes:
        """The page as PDF."""
        return base64.b64decode(self._ask("Page.printToPDF")["data"])

    def shoot(self, height: int) -> bytes:
        """A picture of the page's first lines, as PNG."""
        clip = {"x": 0, "y": 0, "width": self.size()[0], "height": min(height, self.size()[1]), "scale": 1}
        return base64.b64decode(self._ask("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"])

    def _ask(self, command: str, **values: object) -> dict[str, Any]:
        answer: dict[str, Any] = self.driver.execute_cdp_cmd(command, values)
        return answer


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser, for as long as this lasts."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    assert program, f"chromium {_MISSING}"
    assert driver, f"chromedriver {_MISSING}"
    options = webdriver.ChromeOptions()
    options.binary_location = program
    # A page from our own disk needs no sandbox, which can't be made for root.
    for each in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "hide-scrollbars"):
        options.add_argument(f"--{each}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with webdriver.Chrome(options=options, service=Service(driver)) as found:
        yield Browser(found)
