"""The sex that a file states against the one that the personnummer tells, while its digits are still there."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as compute

#: The eleventh of the twelve digits is odd for men and even for women (SFS 1991:481, 18 §).
_SEX_DIGIT = 10
_ODD = pa.array(["1", "3", "5", "7", "9"])
_MAN = "M"


def other_sex_than_stated(stated: pa.Array, personnummer: pa.Array, landed: pa.Array) -> int:
    """How many landed rows state another sex than their personnummer tells; which ones is nobody's business here."""
    digits = compute.replace_substring(compute.utf8_trim_whitespace(personnummer), "-", "")
    is_man = compute.is_in(compute.utf8_slice_codeunits(digits, _SEX_DIGIT, _SEX_DIGIT + 1), value_set=_ODD)
    differs = compute.and_(compute.xor(is_man, compute.equal(stated, _MAN)), landed)
    return int(compute.sum(compute.fill_null(differs, False)).as_py() or 0)
