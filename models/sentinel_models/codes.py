"""Texts as arrays of code points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["Codes", "codes_of", "text_of"]

Codes = npt.NDArray[np.uint32]


def codes_of(text: str) -> Codes:
    """Code points of a text; surrogates are kept."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def text_of(codes: Codes) -> str:
    """The text of code points."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
