"""How an organisation's own exports differ from the contracts: one small file an extract in the home's `mappings/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, cast

from flows.declarations.contracts import NUMBER_TYPES, Column, Contract, contracts
from flows.declarations.name_patterns import EXTRACTED, name_pattern
from flows.declarations.toml_file import parse_toml, read_toml_text
from flows.domain.delivery import DeliveryName
from flows.errors import Refusal

_NUMBERS = NUMBER_TYPES | {"number_or_words"}

#: Conversion → the contract types that it can give. What each does stands in `sources/conversions.py`.
CONVERSIONS: Mapping[str, frozenset[str]] = {
    "hours_from_minutes": frozenset({"hours", "number", "nonnegative_number"}),
    "hours_from_clock": frozenset({"hours", "number", "nonnegative_number"}),
    "percent_from_share": frozenset({"percent", "number", "number_or_words"}),
    "kronor_from_thousands": frozenset({"amount", "number"}),
    "kronor_from_millions": frozenset({"amount", "number"}),
    "opposite_sign": _NUMBERS,
    "date_day_month_year": frozenset({"date"}),
    "date_from_time": frozenset({"date"}),
    "month_from_date": frozenset({"month"}),
    "month_month_year": frozenset({"month"}),
    "time_without_seconds": frozenset({"time"}),
}

#: What `check` writes where a person must choose.
UNDECIDED = "?"

#: In a constant: the month that the file's name says.
PERIOD_OF_NAME = "{period}"

_TABLES = ("file", "columns", "codes", "conversions", "constants")
_DECIDE = "Write one of ours in its place."


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """Their names and codes to ours, for one extract. `text` is the file as read: it is kept with each delivery."""

    extract: str
    #: Their column → ours.
    columns: Mapping[str, str]
    #: Our column → their code → ours.
    codes: Mapping[str, Mapping[str, str]]
    #: Our column → conversions by name, in order.
    conversions: Mapping[str, tuple[str, ...]]
    #: Our column → the value of every row, where they have no such column.
    constants: Mapping[str, str]
    pattern: re.Pattern[str] | None
    extracted_form: str
    text: str

    def delivery_name(self, file_name: str) -> DeliveryName | None:
        """What a name of theirs says; None where it is not of their pattern, or names no real month or minute."""
        match = self.pattern.fullmatch(file_name) if self.pattern is not None else None
        if match is None:
            return None
        return DeliveryName.read(
            self.extract, match["period"], match["extracted"], self.extracted_form, file_name.rpartition(".")[2]
        )


def read_mappings(folder: Path) -> Mapping[str, SourceMapping]:
    """Every mapping of a home by extract; none where there is no folder. Raises Refusal naming file and line."""
    return {path.stem: read_mapping(path) for path in sorted(folder.glob("*.toml"))}


def read_mapping(path: Path) -> SourceMapping:
    """One mapping; raises Refusal naming the file and the line that is wrong."""
    return parse_mapping(read_toml_text(path), path)


def parse_mapping(text: str, path: Path) -> SourceMapping:
    """The mapping that a text says; `path` is named in refusals, and its stem is the extract."""
    return _Parsing(text, path, parse_toml(text, path)).mapping()


class _Parsing:
    """A mapping's tables, each checked against the contract."""

    def __init__(self, text: str, path: Path, declared: Mapping[str, Any]) -> None:
        self.text = text
        self.path = path
        self.declared = declared

    def mapping(self) -> SourceMapping:
        contract = self._contract()
        columns = self._pairs("columns")
        for theirs, ours in columns.items():
            self._column(contract, "columns", theirs, ours)
        constants = self._pairs("constants")
        for ours, value in constants.items():
            self._constant(contract, ours, value)
        self._refuse_repeated(columns, constants)
        pattern, form = self._file()
        codes = {ours: self._codes(contract, ours) for ours in self._table("codes")}
        conversions = {ours: self._conversions(contract, ours) for ours in self._table("conversions")}
        return SourceMapping(contract.extract, columns, codes, conversions, constants, pattern, form, self.text)

    def _contract(self) -> Contract:
        for name in self.declared:
            if name not in (*_TABLES, "extract"):
                self._wrong("", name, f"{name} is nothing that a mapping says", f"Choose of {', '.join(_TABLES)}.")
        extract = self.declared.get("extract")
        if extract != self.path.stem:
            self._wrong("", "extract", "extract is not the file's own name", f'Write extract = "{self.path.stem}".')
        contract = contracts().get(self.path.stem)
        if contract is None or not contract.columns:
            self._wrong("", "extract", f"{extract} has no contract with columns", "Name the file by its extract.")
        return contract

    def _column(self, contract: Contract, table: str, key: str, ours: str) -> Column:
        named = {column.name: column for column in contract.columns}
        if ours not in named:
            does = "has no column of ours yet" if ours == UNDECIDED else f"names {ours}, no column of the contract"
            self._wrong(table, key, f'"{key}" {does}', f"Choose of {', '.join(named)}, or take the line away.")
        return named[ours]

    def _constant(self, contract: Contract, ours: str, value: str) -> None:
        column = self._column(contract, "constants", ours, ours)
        if value == UNDECIDED:
            self._wrong("constants", ours, f"{ours} has no value yet", _DECIDE)
        if value == "" and column.required:
            self._wrong("constants", ours, f"{ours} may not be empty", "Give its value.")
        if value and column.codes and value not in column.codes:
            self._wrong("constants", ours, f"{value} is no code of {ours}", f"Choose of {', '.join(column.codes)}.")

    def _refuse_repeated(self, columns: Mapping[str, str], constants: Mapping[str, str]) -> None:
        taken: dict[str, str] = {}
        for theirs, ours in columns.items():
            if ours in taken:
                self._wrong("columns", theirs, f"{ours} is given to two columns", "Keep one of them.")
            if ours in constants:
                self._wrong("constants", ours, f"{ours} is both a column and a constant", "Keep one of them.")
            taken[ours] = theirs

    def _file(self) -> tuple[re.Pattern[str] | None, str]:
        said = self._pairs("file")
        for name in said:
            if name not in ("pattern", "extracted"):
                self._wrong("file", name, f"{name} is nothing that is said of files", "Say pattern and extracted.")
        if not said:
            return None, ""
        try:
            pattern = name_pattern(said.get("pattern", ""))
        except ValueError as error:
            self._wrong("file", "pattern", f"the pattern {error}", "Correct it.")
        if not {"period", "extracted"} <= pattern.groupindex.keys():
            do = "Mark them as (?P<period>…) and (?P<extracted>…)."
            self._wrong("file", "pattern", "the pattern does not say where period and extraction time stand", do)
        form = said.get("extracted", "%Y%m%dT%H%M")
        if EXTRACTED.fullmatch(form) is None or len(set(parts := re.findall("%.", form))) < len(parts):
            do = "Write it of %Y, %y, %m, %d, %H, %M and %S, each once, and signs between them."
            self._wrong("file", "extracted", "extracted is no form of a time", do)
        return pattern, form

    def _codes(self, contract: Contract, ours: str) -> Mapping[str, str]:
        column = self._column(contract, "codes", ours, ours)
        codes = self._texts(f"codes.{ours}", self._table("codes")[ours])
        allowed = ("0", "1") if column.type == "flag" else column.codes
        for theirs, code in codes.items():
            if code == UNDECIDED:
                do = f"Choose of {', '.join(allowed)}." if allowed else _DECIDE
                self._wrong(f"codes.{ours}", theirs, f'"{theirs}" has no code of ours yet', do)
            if allowed and code not in allowed and not (code == "" and not column.required):
                do = f"Choose of {', '.join(allowed)}."
                self._wrong(f"codes.{ours}", theirs, f"{code} is no code of {ours}", do)
        return codes

    def _conversions(self, contract: Contract, ours: str) -> tuple[str, ...]:
        column = self._column(contract, "conversions", ours, ours)
        said: Any = self._table("conversions")[ours]
        listed = cast(list[object], said) if isinstance(said, list) else [said]
        names = tuple(name if isinstance(name, str) else "what is no text" for name in listed)
        for name in names:
            if name not in CONVERSIONS:
                known = f"Choose of {', '.join(CONVERSIONS)}."
                self._wrong("conversions", ours, f"{name} is no conversion", known)
            if column.type not in CONVERSIONS[name]:
                fits = ", ".join(one for one, types in CONVERSIONS.items() if column.type in types) or "none"
                what = f"{name} does not give {ours} ({column.type})"
                self._wrong("conversions", ours, what, f"For it there is: {fits}.")
        return names

    def _table(self, name: str) -> Mapping[str, Any]:
        table: Any = self.declared.get(name, {})
        if not isinstance(table, dict):
            self._wrong("", name, f"{name} is no table", f"Write [{name}] and a line for each.")
        return cast(dict[str, Any], table)

    def _pairs(self, name: str) -> Mapping[str, str]:
        return self._texts(name, self._table(name))

    def _texts(self, name: str, table: Any) -> Mapping[str, str]:
        if not isinstance(table, dict):
            self._wrong(name.rpartition(".")[0], name.rpartition(".")[2], f"{name} is no table", f"Write [{name}].")
        pairs = cast(dict[str, Any], table)
        for key, value in pairs.items():
            if not isinstance(value, str):
                self._wrong(name, key, f"{key} is not text", "Put the value within quotes.")
        return cast(dict[str, str], pairs)

    def _wrong(self, table: str, key: str, what: str, do: str) -> NoReturn:
        raise Refusal(f"{self.path}, line {_line_of(self.text, table, key)}: {what}.", do)


def _line_of(text: str, table: str, key: str) -> int:
    """The line on which a key of a table stands; the table's own where the key is not found, else the first."""
    found = 1
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        written = line.strip()
        if written.startswith("["):
            inside = written.partition("]")[0].strip("[] ").replace('"', "").replace("'", "")
            if inside == table:
                found = number
        elif inside == table and written.partition("=")[0].strip().strip("\"'") == key:
            return number
        if inside == f"{table}.{key}".lstrip("."):
            found = number
    return found
