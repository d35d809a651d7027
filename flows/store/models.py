"""The models: every `sql/<schema>/<table>.sql`, its head, what it reads and the order that follows. Knows no engine."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import ExitCode, Refusal

if TYPE_CHECKING:
    # The parser takes half a second to import: a close that changes nothing reads no SQL.
    from sqlglot import exp

#: What `-- Key:` says of a table that holds a single row.
ONE_ROW = "one row"


class BrokenModel(Refusal):
    """A model that cannot be read, ordered or built. Our own file is wrong, not what was delivered."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(what, do, ExitCode.OUR_FAULT)


@dataclass(frozen=True, slots=True)
class CteSpan:
    """One CTE of a model and the lines of the file it stands on."""

    name: str
    first_line: int
    last_line: int


@dataclass(frozen=True)
class Model:
    """One SQL file: it makes the table that its path names."""

    name: str
    path: Path
    text: str
    summary: str
    grain: str
    key: tuple[str, ...]

    @cached_property
    def statement(self) -> exp.Query:
        """The parse tree; raises BrokenModel naming file and line."""
        import sqlglot
        from sqlglot import exp
        from sqlglot.errors import SqlglotError

        try:
            parsed = [one for one in sqlglot.parse(self.text, dialect="duckdb") if one is not None]
        except SqlglotError as error:
            where = next(iter(getattr(error, "errors", ())), {})
            line = where.get("line", 1)
            raise BrokenModel(
                f"{self.file}:{line}: not SQL: {where.get('description') or str(error).splitlines()[0]}.",
                "Correct the file.",
            ) from error
        if len(parsed) != 1 or not isinstance(parsed[0], exp.Query):
            raise BrokenModel(f"{self.file}: not exactly one SELECT.", "One file makes one table: give it one SELECT.")
        return parsed[0]

    @cached_property
    def references(self) -> frozenset[str]:
        """The tables it reads, as `schema.table`; raises BrokenModel for a name that is neither full nor a CTE."""
        from sqlglot import exp

        ctes = {cte.alias for cte in self.statement.find_all(exp.CTE)}
        found: set[str] = set()
        for table in self.statement.find_all(exp.Table):
            if table.db:
                found.add(f"{table.db}.{table.name}")
            elif table.name and table.name not in ctes:
                raise BrokenModel(
                    f"{self.file}:{table.this.meta.get('line', 1)}: the table {table.name} is not named in full.",
                    "Write schema.table, or name a CTE of this file.",
                )
        return frozenset(found)

    @cached_property
    def normalised(self) -> str:
        """The SQL without comments and layout: what its fingerprint stands on."""
        return self.statement.sql(dialect="duckdb", comments=False)

    @property
    def file(self) -> str:
        return "/".join(("sql", *self.path.parts[-2:]))

    @property
    def schema(self) -> str:
        return self.name.split(".")[0]

    def ctes(self) -> tuple[CteSpan, ...]:
        """The model's own CTEs, in order, with their lines."""
        with_ = self.statement.args.get("with_") or self.statement.args.get("with")
        spans: list[CteSpan] = []
        for cte in with_.expressions if with_ else ():
            lines = [node.meta["line"] for node in cte.walk() if "line" in node.meta]
            spans.append(CteSpan(cte.alias, min(lines, default=0), max(lines, default=0)))
        return tuple(spans)

    def place(self, line: int | None) -> str:
        """`sql/core/x.sql:12 (in the CTE owed_months)`, or the file alone where no line is known."""
        if line is None:
            return self.file
        within = [span.name for span in self.ctes() if span.first_line <= line <= span.last_line]
        return f"{self.file}:{line}" + (f" (in the CTE {within[-1]})" if within else "")


def read_models(folder: Path) -> Mapping[str, Model]:
    """Every model under `folder`, by table name; raises BrokenModel for a file without a whole head."""
    return {
        model.name: model
        for model in (read_model(path) for path in sorted(folder.glob("*/*.sql")) if not path.name.startswith("."))
    }


def read_model(path: Path) -> Model:
    """One file as the model that its path names; raises BrokenModel where its head lacks Grain or Key."""
    text = path.read_text("utf-8")
    name = f"{path.parent.name}.{path.stem}"
    head = [line[2:].strip() for line in _head_lines(text)]
    words = {label: rest for label, rest in (_labelled(line) for line in head) if label}
    for label in ("Grain", "Key"):
        if not words.get(label):
            raise BrokenModel(
                f"sql/{path.parent.name}/{path.name}: its head comment has no line `-- {label}:`.",
                "Say what one row is (Grain) and which columns make it unique (Key).",
            )
    key_words = words["Key"].rstrip(".")
    key = () if key_words == ONE_ROW else tuple(column.strip() for column in key_words.split(","))
    if not all(re.fullmatch(r"[a-z_][a-z0-9_]*", column) for column in key):
        raise BrokenModel(
            f"sql/{path.parent.name}/{path.name}: its Key is not a list of columns.",
            f"Write `-- Key: column, column`, or `-- Key: {ONE_ROW}`.",
        )
    return Model(name, path, text, head[0] if head else "", words["Grain"], key)


def _head_lines(text: str) -> Iterable[str]:
    for line in text.splitlines():
        if not line.startswith("--"):
            return
        yield line


def _labelled(line: str) -> tuple[str, str]:
    match = re.match(r"^(Grain|Key|Source):\s*(.*)$", line)
    return (match[1], match[2].strip()) if match else ("", "")


def ordered(models: Mapping[str, Model], known: Collection[str]) -> tuple[Model, ...]:
    """The models, each after those that it reads. `known`: the tables that no model makes.

    Raises BrokenModel for a table that nothing makes, and for models that read each other in a circle.
    """
    graph: dict[str, set[str]] = {}
    for model in models.values():
        for reference in sorted(model.references):
            if reference not in models and reference not in known:
                raise BrokenModel(
                    f"{model.file} reads {reference}, which nothing makes.",
                    f"Correct the name, or write sql/{reference.replace('.', '/')}.sql.",
                )
        graph[model.name] = {reference for reference in model.references if reference in models}
    try:
        return tuple(models[name] for name in TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        raise BrokenModel(
            f"The models read each other in a circle: {circle}.", "Break it in one of these files."
        ) from None


def upstream(models: Mapping[str, Model], name: str, stop_at: Collection[str] = ()) -> frozenset[str]:
    """The model and every model it stands on, not looking behind the tables of `stop_at`."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in found or one in stop_at or one not in models:
            continue
        found.add(one)
        waiting.extend(models[one].references)
    return frozenset(found)


def downstream(models: Iterable[Model], tables: Collection[str]) -> frozenset[str]:
    """Every model that stands on one of the tables, itself or through others. `models` come in order."""
    found: set[str] = set()
    for model in models:
        if any(reference in tables or reference in found for reference in model.references):
            found.add(model.name)
    return frozenset(found)


def fingerprints(models: Iterable[Model], inputs: Mapping[str, str]) -> Mapping[str, str]:
    """Table → what it stands on: its own SQL, and the fingerprints of all that it reads. `models` come in order.

    `inputs` holds the fingerprint of each table that none of them makes. A model that reads nothing but raw tables
    through `build.closing_deliveries` stands on the deliveries of those extracts alone, which their own fingerprints
    name.
    """
    made: dict[str, str] = {}
    for model in models:
        reads = model.references
        if reads - {"build.closing_deliveries"} and all(
            reference.startswith("raw.") for reference in reads - {"build.closing_deliveries"}
        ):
            reads = reads - {"build.closing_deliveries"}
        parts = [model.normalised, *(f"{name}={made.get(name) or inputs[name]}" for name in sorted(reads))]
        made[model.name] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return made
