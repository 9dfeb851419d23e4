"""The command line: checks what was asked, then calls the part that does it.

Imports stand inside the functions here, and only here and in ``app``: Qt must not be loaded before
the arguments are checked, and the window has to paint before pydantic, numpy and the dataset are
loaded, so a command loads no more than it needs.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from triggermap import __version__
from triggermap.errors import DataError, TriggermapError
from triggermap.paths import assets_dir, body_dir, data_dir
from triggermap.state import SIDES, State
from triggermap.userdata.options import THEMES, ScreenshotOptions, WindowOptions

if TYPE_CHECKING:
    from triggermap.body.plates import Plate
    from triggermap.dataset.check import Rule
    from triggermap.dataset.models import Dataset, Muscle
    from triggermap.dataset.rules import Finding

#: By trigger point: what the reference body shows there, "where" in words and the "names".
BodyRows = dict[str, list[dict[str, object]]]

OK, PROBLEMS, WRONG_USE, CANNOT = 0, 1, 2, 3
_INTERRUPTED = 130
_OLDEST_PYTHON = (3, 11)
_MIN_SIDE, _MAX_SIDE = 320, 8000

_EXIT_CODES = """\
exit codes:
  0  all went well
  1  there are problems in the data
  2  wrong use: an unknown command, option, muscle or other id
  3  a file cannot be read or written, or the window system does not start
"""


class UsageError(TriggermapError):
    """Something was asked for that does not exist."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, and never exits by itself."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{_capital(message)}{'' if message.endswith(('.', '?')) else '.'}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    if sys.version_info < _OLDEST_PYTHON:  # an old interpreter may run a copied folder
        return _complain("triggermap needs Python 3.11 or newer.", CANNOT)
    try:
        return _run(sys.argv[1:] if argv is None else list(argv))
    except UsageError as error:
        return _complain(str(error), WRONG_USE)
    except DataError as error:
        return _complain(str(error), PROBLEMS)
    except TriggermapError as error:
        return _complain(str(error), CANNOT)
    except BrokenPipeError:
        # The reader went away (`| head`). Python would complain again when it flushes at exit.
        _silence_stdout()
        return OK
    except OSError as error:
        return _complain(f"{error.strerror or error}.", CANNOT)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except SystemExit as leave:  # argparse, after --help
        return int(leave.code or OK)


def _run(argv: list[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name that the terminal can't show is no reason to fail.
        sys.stdout.reconfigure(errors="replace")
    args = _parser().parse_args(_spelt(argv))
    if args.version:
        print(f"triggermap {__version__}")
        return OK
    command: Callable[[argparse.Namespace], int] = args.run
    code = command(args)
    sys.stdout.flush()
    return code


# --- arguments ------------------------------------------------------------------------------------


def _parser() -> _Parser:
    parser = _Parser(
        prog="triggermap",
        description="Offline reference of myofascial trigger points. Without a command it opens the window.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    _add_data(parser)
    parser.add_argument("--state", metavar="STATE", help="what to show first, such as back/skin/left")
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)

    check = _command(commands, "check", "check the dataset and count it", _check)
    check.add_argument("--json", action="store_true", help="print JSON")

    show = _command(commands, "show", "print everything that is known of a muscle", _show)
    show.add_argument("muscle", metavar="MUSCLE", help="id, or English or Latin name")
    show.add_argument("--json", action="store_true", help="print JSON")

    find = _command(commands, "find", "search muscles, nerves, conditions and regions of pain", _find)
    find.add_argument("text", metavar="TEXT", nargs="+", help="what to look for")
    find.add_argument("--json", action="store_true", help="print JSON")

    probe = _command(
        commands, "probe", "list what lies under a place of a plate, from the skin inward", _probe
    )
    probe.add_argument("--plate", metavar="ID", required=True, help="such as front, back or left")
    probe.add_argument(
        "--at",
        metavar="X,Y",
        type=_place,
        required=True,
        help="body mm across and up the plate: x,y on views from the front and back (+x is the subject's "
        "left), z,y on views from the sides (+z is forward); y counts from below the feet",
    )
    probe.add_argument("--json", action="store_true", help="print JSON")

    safety = _command(
        commands, "safety", "tell what the body shows on the way to every trigger point", _safety
    )
    form = safety.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--markdown", action="store_true", help="print the page docs/safety.md")

    picture = _command(
        commands, "screenshot", "write a picture of the window, without a display", _screenshot
    )
    picture.add_argument("--out", metavar="FILE.png", type=Path, required=True, help="the picture to write")
    picture.add_argument("--size", metavar="WxH", type=_size, default=(1280, 800), help="default 1280x800")
    picture.add_argument("--theme", choices=THEMES, default="dark", help="default dark")
    # SUPPRESS: a sub-command's default would overwrite what was given before the command.
    picture.add_argument(
        "--state", metavar="STATE", default=argparse.SUPPRESS, help="what to show, in one line"
    )
    picture.add_argument("--plate", metavar="ID", help="such as front, back or left")
    picture.add_argument("--layer", metavar="ID", help="such as skin, superficial, deep or bone")
    picture.add_argument("--side", choices=SIDES, help="whose points are shown")
    picture.add_argument("--muscle", metavar="ID", help="the muscle to select")
    picture.add_argument("--point", metavar="ID", help="the trigger point to select")
    picture.add_argument("--region", metavar="ID", help="the region of pain to select")
    return parser


def _command(
    commands: argparse._SubParsersAction[_Parser],
    name: str,
    words: str,
    run: Callable[[argparse.Namespace], int],
) -> _Parser:
    parser = commands.add_parser(
        name,
        help=words,
        description=f"{_capital(words)}.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_data(parser, default=argparse.SUPPRESS)
    parser.set_defaults(run=run)
    return parser


def _add_data(parser: _Parser, default: str | None = None) -> None:
    words = "folder with muscles.yaml and its companions (default: the bundled data)"
    parser.add_argument("--data", metavar="DIR", type=Path, default=default, help=words)


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,5})[xX×](\d{1,5})", text)
    width, height = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(_MIN_SIDE <= side <= _MAX_SIDE for side in (width, height)):
        raise argparse.ArgumentTypeError(
            f"'{text}' is no size: write WIDTHxHEIGHT, each {_MIN_SIDE} to {_MAX_SIDE}, such as 1280x800."
        )
    return width, height


def _place(text: str) -> tuple[float, float]:
    number = r"([+-]?(?:\d{1,5}(?:\.\d*)?|\.\d+))"
    match = re.fullmatch(rf"\s*{number}\s*,\s*{number}\s*", text)
    if not match:
        raise argparse.ArgumentTypeError(f"'{text}' is no place: write two numbers in mm, such as -60,1350.")
    return float(match[1]), float(match[2])


_COMMANDS = ("check", "find", "probe", "safety", "screenshot", "show")
_TAKE_VALUES = frozenset({"--data", "--state"})


def _spelt(argv: list[str]) -> list[str]:
    """Return ``argv``; raise with the nearest command if the first word is none.

    ``--at -60,1350`` becomes ``--at=-60,1350``: argparse would take the place for an option.
    """
    while "--at" in argv[:-1]:
        at = argv.index("--at")
        argv = [*argv[:at], f"--at={argv[at + 1]}", *argv[at + 2 :]]
    skip = False
    for word in argv:
        if skip:
            skip = False
        elif word in _TAKE_VALUES:
            skip = True
        elif not word.startswith("-"):
            if word not in _COMMANDS:
                raise UsageError(f"There is no command '{word}'. {_guess(word, _COMMANDS)}")
            break
    return argv


# --- commands -------------------------------------------------------------------------------------


def _window(args: argparse.Namespace) -> int:
    state = _parse_state(args.state) if args.state else None
    data = _existing(args.data) if args.data else None
    with _as_start_error():
        from triggermap import app
    return app.run(WindowOptions(data=data, state=state))


def _check(args: argparse.Namespace) -> int:
    from triggermap.body.verify import verify
    from triggermap.dataset.check import check

    folder = _existing(args.data) if args.data else data_dir()
    assets = _assets()
    meshes = body_dir()
    faults = verify(assets / "body") if assets else ()
    # With a sound computed body at hand, sites and strokes are held against it too.
    more = (_against_body(assets / "body", meshes is None),) if assets and not faults else ()
    report = check(folder, assets=assets, body=meshes, more=more)
    problems = [*report.problems, *faults]
    if args.json:
        _print_json(report.as_json(problems))
    else:
        _print_report(report.counts.words(), problems, report.notes)
    return PROBLEMS if problems else OK


def _against_body(folder: Path, stacks: bool) -> Rule:
    from triggermap import sites
    from triggermap.body.plates import load_body
    from triggermap.safety import report

    body = load_body(folder)

    def rules(dataset: Dataset) -> Iterator[Finding]:
        yield from sites.problems(dataset, body, stacks=stacks)
        yield from report.problems(dataset, body)

    return rules


def _safety(args: argparse.Namespace) -> int:
    from triggermap.body.plates import load_body
    from triggermap.dataset.dossier import NOTICE
    from triggermap.safety import general
    from triggermap.safety.page import page
    from triggermap.safety.report import reports
    from triggermap.safety.stored import Ways
    from triggermap.safety.ways import CAVEAT

    dataset = _load(args.data)
    faults, found = _body_faults(), []
    with _noted(faults):
        found = list(reports(dataset, Ways(load_body(assets_dir() / "body")))) if not faults else []
    if faults:
        return _complain(general.in_one_line(faults), PROBLEMS)
    if args.json:
        _print_json({"notice": NOTICE, "note": CAVEAT, "points": [report.as_json() for report in found]})
    elif args.markdown:
        print(page(dataset, found), end="")
    else:
        print(*(line for report in found for line in report.lines()), sep="\n")
        print(CAVEAT, NOTICE, sep="\n")
    return PROBLEMS if any(report.unanswered or report.open for report in found) else OK


def _show(args: argparse.Namespace) -> int:
    from triggermap.dataset.dossier import as_text, dossier, find_muscle
    from triggermap.safety import general
    from triggermap.safety.ways import CAVEAT

    dataset = _load(args.data)
    with _as_usage_error():
        muscle = find_muscle(dataset, args.muscle)
    faults = _body_faults()
    shown = _body_rows(dataset, muscle, faults) if not faults else {}
    data = dossier(dataset, muscle.id, shown)
    warning = general.GENERAL_WARNING if faults and general.general_applies(muscle) else None
    if args.json:
        told = {"safety_data_faults": faults, "general_warning": warning, "reference_body_note": CAVEAT}
        _print_json(data | told)
        return OK
    if faults:
        print(f"! {general.in_one_line(faults)}")
    if warning:
        print(f"! {warning}")
    print(as_text(data), end="")
    if shown:
        print(CAVEAT)
    return OK


def _body_rows(dataset: Dataset, muscle: Muscle, faults: list[str]) -> BodyRows:
    """What the reference body shows at the points of a muscle; nothing, and one more fault, if it can't."""
    from triggermap.body.plates import load_body
    from triggermap.safety.risks import Advice
    from triggermap.safety.shown import shown
    from triggermap.safety.stored import SIDES

    rows: BodyRows = {}
    with _noted(faults):
        advice = Advice(dataset, load_body(assets_dir() / "body"))
        found = {point.id: shown(advice.found(point, SIDES)) for point in muscle.trigger_points}
        rows = {
            point: [{"where": where, "names": list(names)} for where, names in one.rows()]
            for point, one in found.items()
        }
    return {} if faults else rows


def _body_faults() -> list[str]:
    """What is broken of the body's files, as far as safety rests on them."""
    from triggermap.body.verify import at_start

    faults: list[str] = []
    with _noted(faults):
        faults += [str(problem) for problem in at_start(assets_dir() / "body")]
    return faults


@contextlib.contextmanager
def _noted(faults: list[str]) -> Iterator[None]:
    """What can't be read is a fault to tell of, not the end."""
    try:
        yield
    except TriggermapError as error:
        faults.append(str(error))


def _find(args: argparse.Namespace) -> int:
    from triggermap.finder.search import Index

    text = " ".join(args.text)
    hits = Index(_load(args.data)).search(text)
    if args.json:
        _print_json([hit.as_json() for hit in hits])
    elif not hits:
        print(f"Nothing was found for '{text}'.")
    else:
        for hit in hits:
            print(f"{hit.kind:<10} {hit.title}  [{hit.id}]  {hit.subtitle}".rstrip())
    return OK


def _probe(args: argparse.Namespace) -> int:
    from triggermap.body import probe
    from triggermap.body.plates import load_body

    body = load_body(assets_dir() / "body")
    _must_be("plate", args.plate, body.plates)
    plate = body.plates[args.plate]
    reason = probe.why_not(plate)
    if reason:
        raise UsageError(reason)
    u, v = probe.on_plate(plate, *args.at)
    axes = probe.body_axes(plate)
    if plate.grid.cell(u, v) is None:
        place = ", ".join(f"{name} {value:g}" for name, value in zip(axes, args.at, strict=True))
        raise UsageError(f"{place} lies outside plate '{plate.id}': {_span(plate)}.")
    found = probe.probe(body, plate, u, v)
    strata = found.strata if found else ()
    if args.json:
        _print_json(
            {
                "plate": plate.id,
                "at": dict(zip(axes, args.at, strict=True)),
                "unit": "mm",
                "note": probe.CAVEAT,
                "structures": [stratum.as_json() for stratum in strata],
            }
        )
        return OK
    if strata:
        print(f"{'from':>7} {'to':>7} {'mm':>6}  structure")
    else:
        print("There is nothing of the body at this place of the plate.")
    for s in strata:
        name = "From skin to skin" if s.structure.system == "skin" else s.structure.title
        print(f"{s.entry:>7.1f} {s.exit:>7.1f} {s.thickness:>6.1f}  {name}")
    print(probe.CAVEAT)
    return OK


def _span(plate: Plate) -> str:
    """Where a plate reaches, in the coordinates of --at: ``x from -350 to 350, y from 0 to 1710``."""
    from triggermap.body import probe

    left, bottom, width, height = plate.grid.rect
    ends = probe.on_plate(plate, left, bottom), probe.on_plate(plate, left + width, bottom + height)
    pairs = zip(probe.body_axes(plate), *ends, strict=True)
    return ", ".join(f"{name} from {min(a, b):g} to {max(a, b):g}" for name, a, b in pairs)


def _screenshot(args: argparse.Namespace) -> int:
    out: Path = args.out
    if out.suffix.lower() != ".png":
        raise UsageError(f"'{out}' does not end in .png.")
    if not out.absolute().parent.is_dir():
        raise TriggermapError(f"There is no folder '{out.absolute().parent}' to write the picture to.")
    state = _asked_state(args)
    _check_ids(_load(args.data), state)
    _check_view(state)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with _as_start_error():
        from triggermap import app
    options = ScreenshotOptions(out=out, size=args.size, theme=args.theme, state=state, data=args.data)
    return app.screenshot(options)


# --- what was asked for ---------------------------------------------------------------------------


def _asked_state(args: argparse.Namespace) -> State:
    """The state of --state, or of the single options."""
    single = {
        name: getattr(args, name)
        for name in ("plate", "layer", "side", "muscle", "point", "region")
        if getattr(args, name)
    }
    if args.state:
        if single:
            raise UsageError(f"--state already says all: remove --{next(iter(single))}, or --state.")
        return _parse_state(args.state)
    if single.get("point") and not single.get("muscle"):
        raise UsageError("--point needs --muscle.")
    if single.get("region") and single.get("muscle"):
        raise UsageError("--region and --muscle exclude each other: choose one.")
    return State(**single).normalised()


def _parse_state(text: str) -> State:
    with _as_usage_error():
        return State.parse(text)


def _check_view(state: State) -> None:
    """Raise a sentence if the state names a plate, layer or structure that the body doesn't have."""
    from triggermap.body.plates import load_body
    from triggermap.placing import check_view

    body = load_body(assets_dir() / "body")
    with _as_usage_error():
        check_view(body, state)


def _check_ids(dataset: Dataset, state: State) -> None:
    """Raise a sentence if the state names what the dataset doesn't have.

    Plates, layers and structures are the body's: :func:`_check_view` looks at them.
    """
    muscles = {muscle.id: muscle for muscle in dataset.muscles}
    if state.muscle:
        _must_be("muscle", state.muscle, muscles)
        if state.point:
            points = [point.id for point in muscles[state.muscle].trigger_points]
            _must_be(f"trigger point of '{state.muscle}'", state.point, points)
    if state.region:
        _must_be("region", state.region, [region.id for region in dataset.regions])
    if state.hazard:
        _must_be("hazard", state.hazard, [hazard.id for hazard in dataset.hazards])


def _must_be(what: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        raise UsageError(f"There is no {what} called '{name}'. {_guess(name, names)}")


def _load(folder: Path | None) -> Dataset:
    from triggermap.dataset.loader import load

    return load(_existing(folder) if folder else data_dir())


def _existing(folder: Path) -> Path:
    if not folder.is_dir():
        raise TriggermapError(f"There is no data folder '{folder}': name one that holds muscles.yaml.")
    return folder


def _assets() -> Path | None:
    """The computed body's folder, or None where none was made yet."""
    with contextlib.suppress(TriggermapError):
        folder = assets_dir()
        if (folder / "body" / "manifest.json").is_file():
            return folder
    return None


# --- words ----------------------------------------------------------------------------------------


def _print_report(counts: Iterable[str], problems: Sequence[object], notes: Iterable[str]) -> None:
    for line in counts:
        print(line)
    for note in notes:
        print(f"note: {note}")
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}")


def _print_json(value: object) -> None:
    # Plain ASCII: it reads the same whatever encoding the terminal or the pipe has.
    print(json.dumps(value, indent=2))


def _complain(sentence: str, code: int) -> int:
    with contextlib.suppress(OSError):
        print(f"triggermap: {sentence}", file=sys.stderr)
    return code


def _silence_stdout() -> None:
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def _as_usage_error() -> Iterator[None]:
    """A part says that a name is unknown; on the command line that is wrong use."""
    try:
        yield
    except TriggermapError as error:
        raise UsageError(str(error)) from error


@contextlib.contextmanager
def _as_start_error() -> Iterator[None]:
    """Qt comes last, and a machine on which it doesn't load gets a sentence."""
    try:
        yield
    except ImportError as error:
        reason = " ".join(str(error).split())
        raise TriggermapError(f"The window system (Qt) does not start: {reason}.") from error


def _guess(word: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = get_close_matches(word, names, n=1, cutoff=0.5)
    if near:
        return f"Did you mean '{near[0]}'?"
    few = len(names) <= 12
    return f"Choose one of: {', '.join(names)}." if names and few else "Run 'triggermap find' to search."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
