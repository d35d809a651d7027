"""Where the material lies that stands beside every checkout and in CI, but not at a user's."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="SKIPPED: ../shared (sample ledgers, published figures) is not beside this checkout"
)
