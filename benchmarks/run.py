"""Measures start-up, hit test, repaint, layers, panning and memory beside bare windows of the same run.

``python benchmarks/run.py [--json] [--repeats N]``. Times are wall-clock milliseconds; what matters
is the ratio to the bare PySide6 and the bare pyqtgraph window, for it holds on other machines too. On a
machine that does other work at the same time only the work of the GUI thread is to be trusted.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

CHILD = Path(__file__).resolve().parent / "child.py"
AIMS = {
    "first paint / bare PySide6": 1.5,
    "clickable stage / bare pyqtgraph": 1.4,
    "hit test p99, us": 10.0,
    "selection to repaint p95 at 1920x1080, ms": 8.0,
    "selection to repaint p95 at 3840x2160, ms": 16.0,
    "layer on screen, neighbour open, p95, ms": 80.0,
    "layer on screen, cold, p95, ms": 200.0,
    "longest stall while a layer comes, ms": 16.0,
    "frame while panning, max at 1920x1080, ms": 16.0,
    "frame while panning, max at 3840x2160, ms": 16.0,
    "dataset loaded and validated, ms": 250.0,
    "ten times the dataset / the dataset, first load": 10.0,
}


def child(home: Path, kind: str, *args: str) -> dict[str, Any]:
    """Run one measurement in a process of its own; its clock is the machine's, as ours is."""
    began = time.monotonic()
    env = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    # An installed program has its byte code; a shell that forbids writing it would time the compiler.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["TRIGGERMAP_HOME"] = str(home)
    done = subprocess.run(
        [sys.executable, str(CHILD), kind, *args], capture_output=True, text=True, check=False, env=env
    )
    if done.returncode:
        raise SystemExit(f"The measurement '{kind}' failed:\n{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    for key in ("first_paint", "clickable", "dossier"):
        if key in result:
            result[key] = (result[key] - began) * 1000
    return result


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--repeats", type=int, default=7, help="starts of each window (default 7)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "settings.json").write_text('{"first_start_seen": true}', encoding="utf-8")
        for kind in ("pyside", "pyqtgraph", "triggermap"):
            child(home, kind)  # the first start of each writes byte code and fills the disk's cache
        report = measure(home, options.repeats)
    if options.json:
        print(json.dumps(report, indent=2))
    else:
        show(report)
    return 0


def measure(home: Path, repeats: int) -> dict[str, Any]:
    """Start every window ``repeats`` times, and take the other measurements once."""
    starts: dict[str, list[dict[str, Any]]] = {"pyside": [], "pyqtgraph": [], "triggermap": []}
    for _ in range(repeats):  # interleaved, so that a busy moment touches all alike
        for kind, runs in starts.items():
            runs.append(child(home, kind))
    paint = {kind: statistics.median(run["first_paint"] for run in runs) for kind, runs in starts.items()}
    clickable = statistics.median(run["clickable"] for run in starts["triggermap"])
    dossier = statistics.median(run["dossier"] for run in starts["triggermap"])
    hit = child(home, "hit")
    small, large = child(home, "repaint", "1920", "1080"), child(home, "repaint", "3840", "2160")
    layers = child(home, "layers", "1920", "1080")
    pan, wide_pan = child(home, "pan", "1920", "1080"), child(home, "pan", "3840", "2160")
    memory, dataset = child(home, "memory"), child(home, "dataset")
    measured = {
        "first paint / bare PySide6": paint["triggermap"] / paint["pyside"],
        "clickable stage / bare pyqtgraph": clickable / paint["pyqtgraph"],
        "hit test p99, us": hit["p99_us"],
        "selection to repaint p95 at 1920x1080, ms": small["p95_ms"],
        "selection to repaint p95 at 3840x2160, ms": large["p95_ms"],
        "layer on screen, neighbour open, p95, ms": layers["warm_p95_ms"],
        "layer on screen, cold, p95, ms": layers["cold_p95_ms"],
        "longest stall while a layer comes, ms": layers["stall_ms"],
        "frame while panning, max at 1920x1080, ms": pan["max_ms"],
        "frame while panning, max at 3840x2160, ms": wide_pan["max_ms"],
        "dataset loaded and validated, ms": dataset["later_ms"],
        "ten times the dataset / the dataset, first load": dataset["tenfold_first_ms"] / dataset["first_ms"],
    }
    report: dict[str, Any] = {
        "aims": {
            name: {"measured": round(value, 2), "aim": AIMS[name], "met": value <= AIMS[name]}
            for name, value in measured.items()
        },
        "ms": {
            "bare PySide6 window": round(paint["pyside"]),
            "bare pyqtgraph window": round(paint["pyqtgraph"]),
            "triggermap first paint": round(paint["triggermap"]),
            "triggermap clickable stage": round(clickable),
            "triggermap dossier and finder": round(dossier),
            "selection to repaint, median at 1920x1080": round(small["median_ms"], 2),
            "selection to repaint, median at 3840x2160": round(large["median_ms"], 2),
            "selection, work of the GUI thread, p95 at 1920x1080": round(small["busy_p95_ms"], 2),
            "selection, work of the GUI thread, p95 at 3840x2160": round(large["busy_p95_ms"], 2),
            "selection with all its pictures, p95 at 1920x1080": round(small["complete_p95_ms"], 2),
            "selection with all its pictures, p95 at 3840x2160": round(large["complete_p95_ms"], 2),
            "frame while panning, p95 at 1920x1080": round(pan["p95_ms"], 2),
            "frame while panning, p95 at 3840x2160": round(wide_pan["p95_ms"], 2),
            "panning, work of the GUI thread, max at 1920x1080": round(pan["busy_max_ms"], 2),
            "panning, work of the GUI thread, max at 3840x2160": round(wide_pan["busy_max_ms"], 2),
            "layer, work of the GUI thread in one go, max": round(layers["busy_ms"], 2),
            "dataset, first load after an update": round(dataset["first_ms"]),
            "ten times the dataset, first load": round(dataset["tenfold_first_ms"]),
            "ten times the dataset, later": round(dataset["tenfold_later_ms"]),
            "dossier after a selection, p95": round(small["dossier_p95_ms"], 1),
        },
        "peak memory, MB": {"after start": memory["start_mb"], "after all plates": memory["all_mb"]},
        "repeats": repeats,
    }
    return report


def show(report: dict[str, Any]) -> None:
    """Print a report for people."""
    for name, row in report["aims"].items():
        print(
            f"{name:52s} {row['measured']:8.2f}   aim {row['aim']:5.1f}   {'met' if row['met'] else 'MISSED'}"
        )
    for name, value in report["ms"].items():
        print(f"{name:52s} {value:8} ms")
    for name, value in report["peak memory, MB"].items():
        print(f"peak memory {name:40s} {value:8} MB")


if __name__ == "__main__":
    sys.exit(main())
