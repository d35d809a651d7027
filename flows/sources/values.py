"""The forms in which a single value may be written (contracts, section 1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

#: What an export puts between thousands, and around a number.
_BLANKS = " \u00a0\u202f\t"
_DIGITS = "(?:[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]+)"
_NUMBER = re.compile(
    rf"(?P<open>\()?[{_BLANKS}]*+(?P<minus>[-\u2212])?[{_BLANKS}]*+"
    rf"(?P<whole>{_DIGITS})(?:(?P<mark>[.,])(?P<decimals>[0-9]+))?"
    rf"[{_BLANKS}]*+(?P<percent>%)?[{_BLANKS}]*+(?P<close>\))?"
)
_ONLY_NUMBER_CHARACTERS = re.compile(rf"[0-9.,()%+\-\u2212{_BLANKS}]+")
_ANY_DIGIT = re.compile("[0-9]")
_NOT_WHOLE = re.compile(r"[^0-9]")

#: What a spreadsheet leaves where a formula failed, in English and in Swedish.
FORMULA_ERRORS = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#FIELD!"}
    | {"#DIVISION/0!", "#SAKNAS!", "#NAMN?", "#SKÄRNING!", "#OGILTIGT!", "#REFERENS!", "#VÄRDEFEL!", "#BERÄKNA!"}
)
FORMULA_ERROR = "formelfel från ett kalkylark"


class BadValue(ValueError):
    """A value that is not of its type; the words (Swedish) say why and hold no value."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: its exact value, its decimal mark ('', ',' or '.') and whether it bore a per cent sign."""

    value: Decimal
    mark: str = ""
    percent_sign: bool = False


def parse_number(text: str) -> Number | None:
    """The number written; None for words.

    Raises BadValue for digits that can be read in more than one way, or in none.
    """
    written = text.strip(_BLANKS)
    match = _NUMBER.fullmatch(written)
    if match is None or bool(match["open"]) != bool(match["close"]) or (match["open"] and match["minus"]):
        if _ONLY_NUMBER_CHARACTERS.fullmatch(written) and _ANY_DIGIT.search(written):
            raise BadValue("talet går inte att läsa")
        return None
    decimals = match["decimals"] or ""
    if match["mark"] == "." and len(decimals) == 3:
        raise BadValue("punkt före exakt tre siffror: tusental eller decimaler")
    value = Decimal(f"{_NOT_WHOLE.sub('', match['whole'])}.{decimals or '0'}")
    is_negative = bool(match["minus"] or match["open"]) and value != 0
    return Number(value.copy_negate() if is_negative else value, match["mark"] or "", bool(match["percent"]))


def parse_date(text: str) -> date:
    """YYYY-MM-DD or YYYYMMDD; raises BadValue for anything else and for days that are not in the calendar."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{4})([0-9]{2})([0-9]{2})", text)
    if match is None:
        raise BadValue("inget datum")
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue("datumet finns inte") from None


def parse_month(text: str) -> date:
    """YYYY-MM or YYYYMM as the month's first day; raises BadValue for anything else."""
    match = re.fullmatch(r"([0-9]{4})-?([0-9]{2})", text)
    if match is None:
        raise BadValue("ingen månad")
    try:
        return date(int(match[1]), int(match[2]), 1)
    except ValueError:
        raise BadValue("månaden finns inte") from None


def parse_observation_period(text: str) -> str:
    """A year, or a month as YYYY-MM; raises BadValue for anything else."""
    if re.fullmatch(r"[0-9]{4}", text):
        return text
    try:
        return parse_month(text).isoformat()[:7]
    except BadValue:
        raise BadValue("varken år eller månad") from None


def parse_time(text: str) -> time:
    """HH:MM; raises BadValue for anything else."""
    match = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", text)
    if match is None:
        raise BadValue("inget klockslag")
    return time(int(match[1]), int(match[2]))


def parse_flag(text: str) -> bool:
    """0 or 1; raises BadValue for anything else."""
    if text not in ("0", "1"):
        raise BadValue("varken 0 eller 1")
    return text == "1"


def personnummer_digits(text: str) -> str:
    """The twelve digits; raises BadValue unless they hold a real date, or a coordination number's (day + 60)."""
    match = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})-?([0-9]{4})", text)
    if match is None:
        raise BadValue("inget personnummer")
    day = int(match[3])
    try:
        date(int(match[1]), int(match[2]), day - 60 if day > 60 else day)
    except ValueError:
        raise BadValue("inget personnummer") from None
    return "".join(match.groups())
