"""The local run as a process, and Chromium in front of it."""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as expected
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.ui import WebDriverWait

from infra.local.visitor import Program

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / ".artefacts"
STOP_S = 30
PATIENCE_S = 20
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A program that calls the API of a local run of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.local.serve", "--json", "--port", "0", "--data", tmp_path_factory.mktemp("data")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        ready = json.loads(line)
        yield Program(url=ready["url"], api_key=ready["api_key"])
    finally:
        _end(process)


def _end(process):
    """Ask it to stop, and then see to it that nothing of it is left."""
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=STOP_S)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def chromium():
    """Begins a browser of a size and a language; skipped where Debian's chromium and chromedriver are not installed."""
    found, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (found and driver):
        pytest.skip("chromium and chromium-driver are not installed")
    os.environ |= {"SE_OFFLINE": "true", "SE_AVOID_STATS": "true"}
    begun = []

    def begin(*, width=1180, height=900, language="fr-CA"):
        options = webdriver.ChromeOptions()
        options.binary_location = found
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        for flag in (*FLAGS, f"--lang={language}"):
            options.add_argument(flag)
        options.add_experimental_option("prefs", {"intl.accept_languages": language})
        tab = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
        begun.append(tab)
        is_phone = width < 600
        metrics = {"width": width, "height": height, "deviceScaleFactor": 2 if is_phone else 1, "mobile": is_phone}
        tab.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        return Person(tab=tab)

    yield begin
    for tab in begun:
        tab.quit()


@dataclass(slots=True)
class Person:
    """Somebody at a browser."""

    tab: webdriver.Chrome

    def open(self, address):
        self.tab.get(address)

    def see(self, id):
        """Wait until an element is there."""
        return WebDriverWait(self.tab, PATIENCE_S).until(expected.visibility_of_element_located((By.ID, id)))

    def type(self, id, text):
        self.see(id).send_keys(text)

    def press(self, id):
        WebDriverWait(self.tab, PATIENCE_S).until(expected.element_to_be_clickable((By.ID, id))).click()

    def choose(self, id, value):
        Select(self.see(id)).select_by_value(value)

    def wait_for(self, part):
        """Wait until the address holds this."""
        WebDriverWait(self.tab, PATIENCE_S).until(expected.url_contains(part))

    @property
    def text(self):
        """What the page says, once it is there: between two pages there is none."""

        def said(tab):
            is_whole = tab.execute_script("return document.readyState") == "complete"
            return is_whole and tab.find_element(By.TAG_NAME, "body").text

        missing = (NoSuchElementException, StaleElementReferenceException)
        text = WebDriverWait(self.tab, PATIENCE_S, ignored_exceptions=missing).until(said)
        return text.replace("\u00a0", " ").replace("\u202f", " ")

    @property
    def language(self):
        return self.tab.find_element(By.TAG_NAME, "html").get_attribute("lang")

    def is_wider_than_the_screen(self):
        return self.tab.execute_script("return document.documentElement.scrollWidth > innerWidth")

    def complaints(self, *, about):
        """What the browser complained of on a site: blocked styles and forms, missing files, errors of scripts."""
        log = [entry["message"] for entry in self.tab.get_log("browser") if entry["level"] in {"WARNING", "SEVERE"}]
        return [message for message in log if about in message]

    def photograph(self, name):
        """The whole page, kept as an artefact."""
        ARTEFACTS.mkdir(exist_ok=True)
        size = self.tab.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        shot = self.tab.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
        (ARTEFACTS / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))
