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


def shown_name(name: str) -> str:
    """A file's name as a message may show it: it is anybody's, may hold a number, or forge a line of a log."""
    return "En fil vars namn inte visas" if looks_personal(name) or not name.isprintable() else name


def names_no_role(text: str) -> bool:
    """Whether what should be a role or a user id (one word) may be somebody's name or number."""
    return len(text.split()) > 1 or looks_personal(text)
