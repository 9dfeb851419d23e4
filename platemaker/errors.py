"""The one exception that the command line shows as a plain sentence."""

from __future__ import annotations


class PlatemakerError(Exception):
    """Something the person at the keyboard can put right; the message says what."""
