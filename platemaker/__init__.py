"""Computes the clickable anatomical plates in ``assets/body`` from the reference body meshes.

Development only: nothing in ``src/triggermap`` imports this package.
"""
