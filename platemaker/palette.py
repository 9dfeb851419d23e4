"""Base colours of structures, as linear RGB."""

from __future__ import annotations

import colorsys
import hashlib

import numpy as np
import numpy.typing as npt

from platemaker.body import Structure

BONE = (0.86, 0.82, 0.72)
CARTILAGE = (0.82, 0.81, 0.74)
FASCIA = (0.80, 0.75, 0.66)
TENDON = (0.83, 0.74, 0.65)
SKIN = (0.73, 0.62, 0.54)


ARTERY = (0.80, 0.13, 0.12)
VEIN = (0.27, 0.40, 0.78)
NERVE = (0.97, 0.84, 0.25)
LUNG_ZONE = (0.62, 0.80, 1.0)
#: Organs by a word in their name.
ORGANS = {
    "pleura": (0.86, 0.70, 0.70),
    "lung": (0.86, 0.62, 0.62),
    "heart": (0.66, 0.20, 0.20),
    "liver": (0.50, 0.23, 0.17),
    "gallbladder": (0.38, 0.52, 0.26),
    "kidney": (0.55, 0.22, 0.20),
    "spleen": (0.48, 0.18, 0.28),
    "stomach": (0.86, 0.60, 0.52),
    "intestine": (0.88, 0.66, 0.56),
    "duodenum": (0.85, 0.58, 0.48),
    "colon": (0.78, 0.56, 0.46),
    "rectum": (0.75, 0.50, 0.44),
    "bladder": (0.88, 0.76, 0.52),
    "oesophagus": (0.78, 0.50, 0.44),
    "trachea": (0.78, 0.80, 0.78),
    "pancreas": (0.88, 0.74, 0.52),
    "thyroid": (0.70, 0.30, 0.30),
    "parotid": (0.88, 0.72, 0.55),
    "submandibular": (0.86, 0.68, 0.52),
}


def to_linear(srgb: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """SRGB values 0..1 to linear light."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def to_srgb(linear: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Linear light 0..1 to sRGB values 0..1."""
    clipped = np.clip(linear, 0.0, 1.0)
    return np.asarray(np.where(clipped <= 0.0031308, clipped * 12.92, 1.055 * clipped ** (1 / 2.4) - 0.055))


def _noise(key: str, count: int) -> list[float]:
    """Stable numbers in -1..1 for a name."""
    digest = hashlib.sha256(key.encode()).digest()
    return [digest[k] / 127.5 - 1.0 for k in range(count)]


_SYSTEM_COLOURS = {"arteries": ARTERY, "veins": VEIN, "nerves": NERVE, "computed": LUNG_ZONE}


def base_colour(structure: Structure) -> tuple[float, float, float]:
    """SRGB base colour; the same for left and right."""
    if structure.system == "skin":
        return SKIN
    if structure.system == "skeleton":
        name = structure.name.lower()
        return CARTILAGE if "cartilage" in name else BONE
    if structure.system in ("fascia", "connective"):
        return CARTILAGE if "costal_cartilage" in structure.mesh else FASCIA
    if structure.system in _SYSTEM_COLOURS:
        return _SYSTEM_COLOURS[structure.system]
    if structure.system == "organs":
        name = structure.mesh.lower()
        return next(colour for word, colour in ORGANS.items() if word in name)
    if structure.system == "attachments":
        # Neighbours must differ; which end is the origin the source doesn't reliably say.
        hue = _noise(structure.label, 1)[0]
        return colorsys.hsv_to_rgb((0.5 + 0.5 * hue) % 1.0, 0.42, 0.88)
    muscle = _noise(structure.name, 3)
    head = _noise(f"{structure.name} {structure.part}", 3)
    hue = 0.020 + 0.021 * muscle[0] + 0.004 * head[0]
    saturation = 0.60 + 0.05 * muscle[1] + 0.02 * head[1]
    value = 0.70 + 0.05 * muscle[2] + 0.025 * head[2]
    return colorsys.hsv_to_rgb(hue % 1.0, saturation, value)


def linear_table(structures: tuple[Structure, ...]) -> npt.NDArray[np.float32]:
    """(ids + 1, 3) linear RGB by structure id; row 0 is black."""
    table = np.zeros((max(s.id for s in structures) + 1, 3))
    for structure in structures:
        table[structure.id] = base_colour(structure)
    return to_linear(table).astype(np.float32)
