#!/usr/bin/env python3
"""Proves the wheel: installs it in an empty environment, the checkout out of sight, and starts it.

The one test of what users get: data/ and assets/ reach the wheel by a build hook, and every other test
reads them from the checkout. Locked versions; a home of its own; offscreen; a picture that is looked at.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
LARGEST = 100_000_000  # bytes: what PyPI takes
SIZE = (1280, 800)
FEWEST_COLOURS = 2000  # a blank window has a few dozen
WANTED = (
    "triggermap/cli.py",
    "triggermap/_bundled/data/muscles.yaml",
    "triggermap/_bundled/data/references.yaml",
    "triggermap/_bundled/assets/body/manifest.json",
    "triggermap/_bundled/assets/icons/lung.svg",
    "triggermap/_bundled/ATTRIBUTION.md",
)
UNWANTED = ("platemaker/", "tests/", "tools/", "benchmarks/")
LICENCES = ("LICENSE", "CC-BY-SA-4.0.txt", "ATTRIBUTION.md")
LOOK = """
import sys
from PySide6.QtGui import QImage
image = QImage(sys.argv[1])
colours = {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
print(image.width(), image.height(), len(colours))
"""
WHERE = """
import sys, triggermap
print(triggermap.__file__, *sys.path, sep="\\n")
"""


class SmokeError(Exception):
    """What the wheel lacks, in one sentence."""


def need(met: bool, sentence: str) -> None:
    """Stop with ``sentence`` unless ``met``."""
    if not met:
        raise SmokeError(sentence)


def contents(wheel: Path) -> None:
    """Check what the wheel holds and how large it is."""
    size = wheel.stat().st_size
    need(size < LARGEST, f"{wheel.name} has {size / 1e6:.1f} MB, and PyPI takes {LARGEST / 1e6:.0f} MB.")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for name in WANTED:
        need(name in names, f"{name} is not in the wheel.")
    for name in LICENCES:
        need(any("/licenses/" in n and n.endswith(name) for n in names), f"{name} is not in the wheel.")
    strangers = [n for n in names if n.startswith(UNWANTED) or ("/_bundled/" in n and n.endswith(".py"))]
    need(not strangers, f"The wheel holds {strangers[:3]}, which are not for users.")
    manifest = "triggermap/_bundled/assets/body/"
    with zipfile.ZipFile(wheel) as archive:
        listed = json.loads(archive.read(manifest + "manifest.json"))["files"]
    lost = [name for name in listed if manifest + name not in names]
    need(not lost, f"The manifest of the body names files that the wheel lacks: {lost[:3]}")
    print(f"wheel: {size / 1e6:.1f} MB, {len(names)} files")


class Empty:
    """An environment with the locked packages and the wheel, and a home and a folder with nothing in them."""

    def __init__(self, folder: Path, uv: Path) -> None:
        self.folder = folder
        self.uv = uv
        self.bin = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        kept = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ}
        self.environment["HOME"] = self.environment["TRIGGERMAP_HOME"] = str(folder / "home")
        (folder / "home").mkdir()
        (folder / "elsewhere").mkdir()

    def run(self, *command: str | Path, environment: dict[str, str] | None = None) -> str:
        """Run ``command`` in an empty folder and return what it prints; stop if it fails."""
        done = subprocess.run(
            [str(word) for word in command],
            cwd=self.folder / "elsewhere",
            env=self.environment if environment is None else environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        name, said = " ".join(map(str, command[:2])), (done.stderr or done.stdout)[-1500:]
        need(done.returncode == 0, f"{name} exited with {done.returncode}: {said}")
        need("Traceback" not in done.stderr, f"{name} printed a traceback: {said}")
        return done.stdout

    def install(self, wheel: Path) -> None:
        """Install the locked versions by their hashes, then the wheel alone."""
        locked, python = self.folder / "locked.txt", self.bin / "python"
        outer = {
            name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}
        }
        project = ("--project", CHECKOUT, "--no-emit-project", "--no-default-groups")
        for words in (
            ("export", "--frozen", *project, "-o", locked),
            ("venv", "--no-project", "--python", sys.executable, self.folder / "venv"),
            ("pip", "install", "--python", python, "--require-hashes", "-r", locked),
            ("pip", "install", "--python", python, "--no-deps", wheel),
        ):  # fmt: skip
            self.run(self.uv, *words, "--quiet", environment=outer)


def start(empty: Empty) -> None:
    """Start what was installed, as a user and as a script would."""
    where, *path = empty.run(empty.bin / "python", "-c", WHERE).splitlines()
    need(Path(where).is_relative_to(empty.folder), f"triggermap was imported from {where}.")
    need(not any(Path(p).is_relative_to(CHECKOUT) for p in path if p), "The checkout is on sys.path.")
    triggermap = empty.bin / "triggermap"
    print("version:", empty.run(triggermap, "--version").strip())
    checked = json.loads(empty.run(triggermap, "check", "--json"))
    need(checked["problems"] in ([], 0), f"triggermap check has problems: {checked['problems']}")
    print("check:", ", ".join(f"{name} {value}" for name, value in checked.items() if isinstance(value, int)))
    picture = empty.folder / "picture.png"
    began = time.perf_counter()
    empty.run(
        triggermap, "screenshot", "--out", picture, "--size", f"{SIZE[0]}x{SIZE[1]}", "--muscle", "trapezius",
        "--point", "trapezius-upper-1", "--plate", "back", "--side", "left",
    )  # fmt: skip
    took = time.perf_counter() - began
    need(picture.is_file(), "triggermap screenshot wrote no picture.")
    width, height, colours = map(int, empty.run(empty.bin / "python", "-c", LOOK, picture).split())
    need((width, height) == SIZE, f"The screenshot has {width} x {height} pixels, not {SIZE[0]} x {SIZE[1]}.")
    need(colours >= FEWEST_COLOURS, f"The screenshot has {colours} colours: it looks blank.")
    print(f"screenshot: {width} x {height}, {colours} colours, {took:.1f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--uv", type=Path, required=True)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="triggermap-smoke-") as name:
        empty = Empty(Path(name).resolve(), given.uv.resolve())
        try:
            contents(given.wheel)
            empty.install(given.wheel.resolve())
            start(empty)
        except SmokeError as error:
            print(f"smoke: {error}", file=sys.stderr)
            return 1
    print("smoke: the wheel works without the checkout")
    return 0


if __name__ == "__main__":
    sys.exit(main())
