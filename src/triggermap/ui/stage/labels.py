"""Where names stand on a plate: in the middle of the largest open part of each structure."""

from __future__ import annotations

import numpy as np

from triggermap.body.plates import Body, IdMap

# Structures with less open area than this (mm2) get no name on the plate; hovering names them.
_SMALLEST_MM2 = 60.0
_STRIDE = 4
_NAMED = ("muscles", "fascia", "skeleton")


def label_places(ids: IdMap, body: Body) -> list[tuple[str, float, float]]:
    """(name, u, v) in plate mm, largest first. Pairs are named once, on the subject's left.

    A name stands on the cell of its structure that is nearest to the structure's middle, so that it
    never lies on a neighbour.
    """
    coarse = ids.ids[::_STRIDE, ::_STRIDE]
    rows, cols = np.nonzero(coarse)
    values = coarse[rows, cols]
    order = np.argsort(values, kind="stable")
    rows, cols, values = rows[order], cols[order], values[order]
    found, starts, counts = np.unique(values, return_index=True, return_counts=True)
    cell = abs(float(ids.grid.affine[0, 0])) * _STRIDE
    large = {int(v) for v, n in zip(found, counts, strict=True) if n * cell * cell >= _SMALLEST_MM2}
    places: list[tuple[float, str, float, float]] = []
    for value, start, count in zip(found, starts, counts, strict=True):
        structure = body.structures.get(int(value))
        area = float(count) * cell * cell
        if structure is None or structure.system not in _NAMED or int(value) not in large:
            continue
        if structure.side == "right" and structure.pair in large:
            continue
        r, c = rows[start : start + count], cols[start : start + count]
        best = int(np.argmin((r - r.mean()) ** 2 + (c - c.mean()) ** 2))
        u, v = ids.grid.affine @ np.array([c[best] * _STRIDE, r[best] * _STRIDE, 1.0])
        places.append((area, structure.label, float(u), float(v)))
    places.sort(key=lambda place: (-place[0], place[1]))
    return [(name, u, v) for _, name, u, v in places]
