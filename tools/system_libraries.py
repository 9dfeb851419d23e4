#!/usr/bin/env python3
"""Sees to what pip cannot bring: Qt's system libraries, and Python's own venv module on Debian.

Standard library alone, because it runs before anything is installed. As root, or with a passwordless
sudo in CI, it installs what is missing; otherwise it prints the one line that does, and exits with 1.
The list is what ldd finds missing for PySide6-Essentials 6.9.3 (QtGui, QtWidgets, QtSvg, the xcb,
wayland and offscreen platform plugins) on a fresh Debian 12 with nothing but python3.11, git and make.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")  # pip and uv on Debian trust these and no others

# library that Qt loads: Debian and Ubuntu package that has it
LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


def missing_libraries() -> list[str]:
    """Return the libraries that the loader can't find."""
    missing = []
    for library in LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(library)
    return missing


def packages_for(libraries: list[str], *, venv: bool) -> list[str]:
    """Return the packages that hold ``libraries``, and Python's venv if it is wanted and lacking."""
    packages = {LIBRARIES[library] for library in libraries}
    if venv and importlib.util.find_spec("ensurepip") is None:
        packages.add(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    if shutil.which("apt-get") and not CERTIFICATES.exists():
        packages.add("ca-certificates")
    return sorted(packages)


def may_install() -> list[str] | None:
    """Return the words to put before apt-get, or None if this run must not install anything."""
    if os.geteuid() == 0:
        return []
    if os.environ.get("CI") and shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True)
        if asked.returncode == 0:
            return ["sudo", "-n"]
    return None


def install(packages: list[str], before: list[str]) -> int:
    """Install ``packages`` with apt-get; return its exit code."""
    print("Installing with apt-get:", " ".join(packages), flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        command = [*before, "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", *words]
        done = subprocess.run(
            command, check=False, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        if done.returncode:
            return done.returncode
    return 0


def main(arguments: list[str]) -> int:
    if not sys.platform.startswith("linux"):
        return 0  # the wheels of Windows and macOS bring all that Qt needs
    venv = "--venv" in arguments
    libraries = missing_libraries()
    packages = packages_for(libraries, venv=venv)
    if not packages:
        return 0
    if shutil.which("apt-get") is None:
        wanted = [*libraries, *(name for name in packages if name.endswith("-venv"))]
        print(
            "Please install what has these, in the way of your system, and run make again:", file=sys.stderr
        )
        print("  " + " ".join(wanted), file=sys.stderr)
        return 1
    before = may_install()
    if before is not None and "--installed" not in arguments:
        if install(packages, before) == 0:
            # A new process, because the loader may remember what it did not find.
            return subprocess.run(
                [sys.executable, __file__, "--installed", *arguments], check=False
            ).returncode
        print("apt-get failed.", file=sys.stderr)
    print(
        f"{len(packages)} system package(s) missing. Copy this line, then run make again:\n", file=sys.stderr
    )
    print(f"  sudo apt-get update && sudo apt-get install -y {' '.join(packages)}\n", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
