"""The report in Chinese."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["REASONS_ZH", "WORDS_ZH"]

REASONS_ZH: Final[tuple[tuple[re.Pattern[str], str], ...]] = ()

WORDS_ZH: Final[dict[str, str]] = {}
