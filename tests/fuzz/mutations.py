"""Changed files without a fuzzer: the same seed, the same files, on every machine."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

#: Bytes that mean something to one reader or another.
_TELLING = tuple(bytes([sign]) for sign in b"\0\xff\xfe\";\n\r{}#<>=-[]'\x1b")
_LONGEST = 4096


def changed(kept: Sequence[bytes], words: Sequence[str], count: int, seed: int = 1) -> Iterator[bytes]:
    """So many inputs, each one of the kept ones after one to six changes."""
    random_ = random.Random(seed)
    pieces = [*(word.encode() for word in words), *_TELLING]
    for _ in range(count):
        data = bytearray(random_.choice(kept))
        for _ in range(random_.randint(1, 6)):
            _change(data, random_, pieces, kept)
        yield bytes(data[:_LONGEST])


def _change(data: bytearray, random_: random.Random, pieces: Sequence[bytes], kept: Sequence[bytes]) -> None:
    at = random_.randrange(len(data) + 1)
    end = min(len(data), at + random_.choice((1, 1, 2, 4, 16, 64)))
    match random_.randrange(7):
        case 0:
            data[at:at] = random_.choice(pieces)
        case 1:
            data[at:end] = random_.choice(pieces)
        case 2:
            data[at:end] = random_.randbytes(end - at)
        case 3:
            del data[at:end]
        case 4:
            data[at:at] = data[at:end] * random_.choice((1, 2, 20))
        case 5:
            other = random_.choice(kept)
            start = random_.randrange(len(other) + 1)
            data[at:end] = other[start : start + random_.choice((4, 16, 64, 256))]
        case _:
            if at < len(data):
                data[at] ^= 1 << random_.randrange(8)
