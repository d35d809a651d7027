"""The file that cannot be read at all."""

from __future__ import annotations


class RefusedFile(Exception):
    """Stops the reading of one file; `words` fill the message of the intake rule and hold no personal value."""

    def __init__(self, rule_id: str, *, line: int | None = None, column: str = "", **words: object) -> None:
        super().__init__(rule_id)
        self.rule_id = rule_id
        self.line = line
        self.column = column
        self.words = words
