"""The plates, as data: one module a part of the body.

A new plate is a new entry in one of the modules, a new layer a new entry of a plate's ``layers``.
"""

from platemaker.plates.head import HEAD
from platemaker.plates.limbs import LIMBS
from platemaker.plates.trunk import TRUNK
from platemaker.plates.whole import WHOLE

PLATES = (*WHOLE, *HEAD, *TRUNK, *LIMBS)
