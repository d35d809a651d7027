"""Where the declarations lie: the project is run from its checkout."""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
CONTRACTS = PROJECT / "warehouse" / "contracts"
REFERENCE = PROJECT / "warehouse" / "reference"
CALIBRATION = PROJECT / "warehouse" / "calibration.toml"
COLUMNS = PROJECT / "warehouse" / "columns.toml"
EXPECTATIONS = PROJECT / "expectations"
SQL = PROJECT / "sql"
DEFAULT_HOME = PROJECT / "warehouse" / "data"
