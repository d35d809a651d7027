"""What went wrong at a place, in words that hold none of the other side's: they may quote a key or an address."""

from __future__ import annotations

import errno
import ssl
from dataclasses import dataclass

from flows.errors import Refusal
from flows.sources.places.fetching import NotWhole


@dataclass(frozen=True, slots=True)
class Failure:
    """`may_pass`: worth trying again."""

    what: str
    do: str
    may_pass: bool


_DOWN = Failure("does not answer", "It is tried again at the next run; ask whoever keeps the source.", True)
_UNKNOWN_KEY = Failure(
    "has another host key than the settings name", "Ask whoever keeps the server before you change host_key.", False
)
_NOT_LET_IN = Failure("does not let us in", "Check the user, the key or the token of the place.", False)
_NO_FOLDER = Failure("has no such folder", "Check the path, the bucket or the address of the place.", False)
_CERTIFICATE = Failure(
    "has a certificate that is not trusted", "Check ca_file, or ask whoever keeps the server.", False
)
_CUT = Failure("sent a file that is not the one it listed", "It is tried again; what came is thrown away.", True)

_FULL = Failure("could not be fetched from: our own disk is full", "Make room, and run again.", False)

_NOT_LET_IN_STATUS = frozenset({401, 403, 407})
_GONE_STATUS = frozenset({404, 410})
_PASSING_STATUS = frozenset({408, 425, 429})


def failure_of(error: BaseException) -> Failure:
    """What an exception of a place's client means. What nobody foresaw may pass: it is tried again."""
    if isinstance(error, Refusal):
        return Failure(error.what, error.do, False)
    if isinstance(error, NotWhole):
        return _CUT
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _FULL
    names = {kind.__name__ for one in _chain(error) for kind in type(one).__mro__}
    if names & {"HostKeyNotVerifiable", "KeyExchangeFailed"}:
        return _UNKNOWN_KEY
    if any(_is_certificate(one) for one in _chain(error)):
        return _CERTIFICATE
    status = next((found for one in _chain(error) if (found := _status(one)) is not None), None)
    if status in _NOT_LET_IN_STATUS or names & {"PermissionError", "PermissionDenied", "ForbiddenOperation"}:
        return _NOT_LET_IN
    if status in _GONE_STATUS or names & {
        "FileNotFoundError",
        "ResourceNotFound",
        "NoSuchBucket",
        "NotADirectoryError",
    }:
        return _NO_FOLDER
    if status is not None and 400 <= status < 500 and status not in _PASSING_STATUS:
        return Failure(f"answers {status}", "Ask whoever keeps the source.", False)
    return _DOWN


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in found:
        found.append(one)
        one = one.__cause__ or one.__context__
    return found


def _is_certificate(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error)


def _status(error: BaseException) -> int | None:
    """The HTTP status that the clients of three kinds of place keep in three places."""
    status = getattr(error, "status", None)
    if not isinstance(status, int):
        status = getattr(getattr(error, "response", None), "status_code", None)
    if not isinstance(status, int):
        response = getattr(error, "response", None)
        said = response.get("ResponseMetadata", {}).get("HTTPStatusCode") if isinstance(response, dict) else None
        status = said
    return status if isinstance(status, int) else None
