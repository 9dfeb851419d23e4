"""Writing files so that the same content gives the same bytes, and whole files only."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

_EPOCH = (1980, 1, 1, 0, 0, 0)


def zip_bytes(members: dict[str, bytes], compress: bool) -> bytes:
    """A zip archive with sorted names and a fixed date."""
    out = io.BytesIO()
    kind = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = kind
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, members[name], compresslevel=9 if compress else None)
    return out.getvalue()


def npz_bytes(arrays: dict[str, npt.NDArray[np.generic]]) -> bytes:
    """A compressed npz with sorted names and a fixed date."""
    members: dict[str, bytes] = {}
    for name, array in arrays.items():
        part = io.BytesIO()
        np.lib.format.write_array(part, np.ascontiguousarray(array), allow_pickle=False)
        members[f"{name}.npy"] = part.getvalue()
    return zip_bytes(members, compress=True)


def webp_bytes(rgba: npt.NDArray[np.uint8], quality: int, method: int = 6) -> bytes:
    """Lossy colour, lossless alpha; the colour under transparent pixels is kept for clean edges."""
    out = io.BytesIO()
    Image.fromarray(rgba, "RGBA").save(
        out, "WEBP", quality=quality, method=method, alpha_quality=100, exact=True
    )
    return out.getvalue()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file by renaming a finished one into place: readers never see half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def sha256(content: bytes) -> str:
    """Hexadecimal sha256 of bytes."""
    return hashlib.sha256(content).hexdigest()
