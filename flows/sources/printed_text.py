"""Words meant for print, searched for what may not be printed: personnummer, coordination and phone numbers."""

from __future__ import annotations

import re

_DASH = "[-+\u2010-\u2015\u2212]"

#: Ten or twelve digits that begin with a possible birth date; the day of a coordination number is 60 more.
_PERSONNUMMER = re.compile(
    r"(?<![0-9])(?:(?:18|19|20)[0-9]{2}[- ]?|[0-9]{2})(?:0[1-9]|1[0-2])[- ]?"
    r"(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
    rf"\s?{_DASH}?\s?[0-9]{{4}}(?![0-9])"
)

#: A Swedish number, national or with +46 / 0046: an area code and two to four groups of two or three digits.
_PHONE = re.compile(
    rf"(?<![0-9,.])(?:(?:\+|00)46[\s-]?(?:\(0\)|0)?[\s-]?|\(?0)(?:8|[1-9][0-9]{{1,2}})\)?(?:\s?[/]\s?|\s?{_DASH}\s?|\s)?"
    rf"[0-9]{{2,3}}(?:[\s-]?[0-9]{{2,3}}){{1,3}}(?![0-9])"
)


def looks_personal(text: str) -> bool:
    """Whether the text seems to hold a personnummer, a coordination number or a phone number.

    It errs on the side of withholding: no check digit is asked for, since a number mistyped is personal too.
    """
    if not any(character.isdigit() for character in text):
        return False
    return _PERSONNUMMER.search(text) is not None or _PHONE.search(text) is not None


def holds_personnummer(text: str) -> bool:
    """Whether the text holds a personnummer or a coordination number whose check digit is right: no code does by
    chance, but one in three hundred of those with ten digits."""
    found = (re.sub("[^0-9]", "", match[0])[-10:] for match in _PERSONNUMMER.finditer(text))
    return any(_check_digit(digits[:9]) == digits[9] for digits in found)


def _check_digit(digits: str) -> str:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def shown_name(name: str) -> str:
    """A file's name as a message may show it: it is anybody's, may hold a number, or forge a line of a log."""
    return "En fil vars namn inte visas" if looks_personal(name) or not name.isprintable() else name


def names_no_role(text: str) -> bool:
    """Whether what should be a role or a user id (one word) may be somebody's name or number."""
    return len(text.split()) > 1 or looks_personal(text)


#: Years in which a file of ours may have been made, and a time of the day: `Export 2021-08-31 0412` names nobody.
_YEARS_OF_FILES = range(2015, 2041)
_TIME = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]")


def names_a_person(file_name: str) -> bool:
    """Whether a file's name seems to hold a personnummer, and not the day and the time at which it was made."""
    return any(not _is_a_time(re.sub("[^0-9]", "", found[0])) for found in _PERSONNUMMER.finditer(file_name))


def _is_a_time(digits: str) -> bool:
    year = int(digits[:4]) if len(digits) == 12 else 2000 + int(digits[:2])
    return year in _YEARS_OF_FILES and _TIME.fullmatch(digits[-4:]) is not None
