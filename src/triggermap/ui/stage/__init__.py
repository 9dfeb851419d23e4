"""The stage: the plate, what is selected on it, and what the pointer finds there.

Everything in this package may import pyqtgraph at the top. The window imports the package itself
only after its first paint.
"""
