"""Intermediate results on disk, each under a key that names everything that went into it."""

from __future__ import annotations

import ast
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[np.generic]]

_PACKAGE = Path(__file__).resolve().parent


def key_of(modules: tuple[str, ...], *inputs: object) -> str:
    """A digest of the source of some modules of this package and of further inputs."""
    digest = hashlib.sha256()
    for module in sorted(modules):
        digest.update(_meaning(_PACKAGE / f"{module}.py").encode())
    for value in inputs:
        digest.update(repr(value).encode())
    return digest.hexdigest()


def _meaning(path: Path) -> str:
    """The syntax tree of a module without its docstrings: comments and layout change nothing."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:]
    return ast.dump(tree)


def cached(folder: Path, name: str, key: str, make: Callable[[], Arrays]) -> Arrays:
    """The arrays that ``make`` returns, kept in ``folder`` until the key changes."""
    path = folder / f"{name}.npz"
    if path.is_file():
        with np.load(path) as stored:
            if str(stored["key"]) == key:
                return {k: stored[k] for k in stored.files if k != "key"}
    arrays = make()
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}.{os.getpid()}.npz"
    np.savez(part, key=np.array(key), **arrays)  # type: ignore[arg-type]
    part.replace(path)
    return arrays
