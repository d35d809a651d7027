"""The mapping that a file seems to need, as the text of its file: what a person must decide is marked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from flows.declarations.contracts import Column
from flows.declarations.mappings import PERIOD_OF_NAME, UNDECIDED
from flows.domain.delivery import DeliveryName
from flows.domain.period import Period
from flows.sources.columns_of_file import shown
from flows.sources.resemblance import ColumnMatch, Resemblance

_BARE = re.compile(r"[A-Za-z0-9_-]+")
#: How a month and a time of extraction may stand in a name: expression and form.
_TIMES = (
    (r"\d{8}T\d{4}", "%Y%m%dT%H%M"),
    (r"\d{8}T\d{6}", "%Y%m%dT%H%M%S"),
    (r"\d{8}_\d{6}", "%Y%m%d_%H%M%S"),
    (r"\d{8}_\d{4}", "%Y%m%d_%H%M"),
    (r"\d{14}", "%Y%m%d%H%M%S"),
    (r"\d{12}", "%Y%m%d%H%M"),
    (r"\d{4}-\d{2}-\d{2}", "%Y-%m-%d"),
    (r"\d{8}", "%Y%m%d"),
)
_MONTHS = (r"\d{4}-\d{2}", r"\d{6}")
_ALONE = r"(?<!\d){}(?!\d)"


def needs_mapping(found: Resemblance, file_name: str) -> bool:
    """Whether the file is other than its contract in name, columns or codes."""
    named = DeliveryName.parse(file_name)
    return (
        named is None
        or named.extract != found.contract.extract
        or any(one.theirs != one.column.name or one.codes or one.conversions for one in found.columns)
    )


def proposed_mapping(found: Resemblance, file_name: str, period: Period) -> str:
    """The text of a mapping file; every mark of what is undecided must be replaced before it can be used."""
    lines = [f"# Så skiljer sig vår export från kontraktet warehouse/contracts/{found.contract.extract}.toml."]
    lines += [f'# Ett "{UNDECIDED}" måste någon avgöra; gissade koder ska ses över.', ""]
    lines += [f"extract = {_text(found.contract.extract)}"]
    lines += _file(found, file_name, period)
    matched = [one for one in found.columns if one.theirs is not None]
    pairs = [(_key(one.theirs or ""), one.column.name) for one in matched if one.theirs != one.column.name]
    lines += _table("columns", [f"{theirs} = {_text(ours)}" for theirs, ours in pairs])
    lines += [f"# {_key(shown(name))} = …  känns inte igen" for name in found.unknown]
    for one in matched:
        lines += _table(f"codes.{_key(one.column.name)}", _codes(one))
    conversions = [f"{_key(one.column.name)} = {_text(one.conversions[0])}" for one in matched if one.conversions]
    lines += _table("conversions", conversions)
    lines += _table("constants", [_constant(one.column) for one in found.columns if one.theirs is None])
    return "\n".join(lines) + "\n"


def _table(name: str, rows: Sequence[str]) -> list[str]:
    return ["", f"[{name}]", *rows] if rows else []


def _codes(match: ColumnMatch) -> Iterable[str]:
    allowed = ("0", "1") if match.column.type == "flag" else match.column.codes
    choose = f"  # välj: {', '.join(allowed)}"
    return [
        f"{_key(theirs)} = {_text(ours)}{choose if ours == UNDECIDED else '  # gissad'}"
        for theirs, ours in match.codes.items()
    ]


def _constant(column: Column) -> str:
    if column.name == "period":
        return f"period = {_text(PERIOD_OF_NAME)}  # månaden i filens namn"
    if not column.required:
        return f'{_key(column.name)} = ""  # finns inte i filen: tomt på varje rad'
    choose = f" välj: {', '.join(column.codes)}" if column.codes else " ett värde för varje rad"
    return f"{_key(column.name)} = {_text(UNDECIDED)}  # finns inte i filen;{choose}"


def _file(found: Resemblance, file_name: str, period: Period) -> list[str]:
    named = DeliveryName.parse(file_name)
    if named is not None and named.extract == found.contract.extract:
        return []
    pattern = _pattern(file_name, period)
    if pattern is None:
        return [
            "",
            "# Filens namn säger inte både månad och uttagstid: döp om den till",
            f"# {_our_name(found, period)}",
        ]
    return ["", "[file]", f"pattern = '{pattern[0]}'", f"extracted = {_text(pattern[1])}"]


def _our_name(found: Resemblance, period: Period) -> str:
    return f"{found.contract.extract}_{period.compact()}_ÅÅÅÅMMDDTTTMM.csv"


def _pattern(file_name: str, period: Period) -> tuple[str, str] | None:
    """A name as a pattern with its month and its extraction time, and the latter's form."""
    if "'" in file_name:
        return None
    for time, form in _TIMES:
        at = re.search(_ALONE.format(time), file_name)
        if at is None:
            continue
        for month in _MONTHS:
            for of in re.finditer(_ALONE.format(month), file_name):
                is_apart = of.end() <= at.start() or of.start() >= at.end()
                if is_apart and of[0].replace("-", "") == period.compact():
                    return _joined(
                        file_name, (of.span(), f"(?P<period>{month})"), (at.span(), f"(?P<extracted>{time})")
                    ), form
    return None


def _joined(file_name: str, *groups: tuple[tuple[int, int], str]) -> str:
    written, end = "", 0
    for (start, stop), group in sorted(groups):
        written += re.escape(file_name[end:start]) + group
        end = stop
    return written + re.escape(file_name[end:])


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
