"""Command line: ``python -m platemaker`` computes assets/body from the reference body."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from platemaker import settings
from platemaker.build import GROUPS, Setup, build
from platemaker.contact import contact_sheets
from platemaker.errors import PlatemakerError
from platemaker.region_sheet import regions_sheet
from platemaker.verify import verify


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m platemaker", description=__doc__)
    parser.add_argument(
        "task", nargs="?", default="plates", choices=("plates", "contact-sheets", "regions-sheet")
    )
    parser.add_argument("--out", type=Path, help="folder to write to, or the file or folder of sheets")
    parser.add_argument("--only", choices=sorted(GROUPS), help="only this kind of product")
    parser.add_argument("--plate", metavar="IDS", help="only plates whose ids begin so: head,foot")
    parser.add_argument("--scale", type=float, default=1.0, help="coarser pixels for a draft: 2 is half size")
    parser.add_argument("--cache", type=Path, default=settings.CACHE, help="folder for intermediate results")
    parser.add_argument("--verify", action="store_true", help="render again and compare; writes nothing")
    parser.add_argument("--force", action="store_true", help="make everything again")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run a task; the exit code is 0 when all went well."""
    arguments = _arguments().parse_args(argv)
    try:
        setup = Setup(
            settings.body_folder(),
            arguments.cache,
            settings.REGIONS,
            arguments.scale,
            arguments.only,
            arguments.plate,
        )
        shop = setup.shop
        if arguments.task == "regions-sheet":
            regions_sheet(shop, arguments.out or Path("regions.png"))
        elif arguments.task == "contact-sheets":
            sheets = arguments.out or settings.SHEETS
            contact_sheets(settings.ASSETS, sheets)
            regions_sheet(shop, sheets / "regions.jpg")
        else:
            out = arguments.out or settings.ASSETS
            if arguments.verify:
                return 0 if verify(shop, out, arguments.only, arguments.plate) else 1
            build(setup, out, arguments.force)
    except PlatemakerError as error:
        print(f"platemaker: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
