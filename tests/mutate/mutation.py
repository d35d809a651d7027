"""A mutation as declared, and the close in which it is seen: what is broken is rolled back afterwards."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.declarations import root
from flows.declarations.rules import suites
from flows.domain.finding import Finding
from flows.errors import Refusal
from flows.quality.gate import judge
from flows.store.duckdb_engine import JOINS_AS_WRITTEN, make, open_store
from flows.store.models import Model, ordered, read_models

_DECLARED = Path(__file__).parent / "mutations.toml"
_OF_DELIVERY = re.compile(r"<([a-z_]+)(?: (\d{4}-\d{2}))?>")
_FOUND_BY_THE_CLOSE = """
    select rule_id, count(*)
    from control.findings
    where closing_id = (select max(closing_id) from control.closings)
    group by rule_id
"""
_WRITTEN = re.compile(r"(?:insert into|delete from|update) ([a-z]+\.[a-z_]+)")


@dataclass(frozen=True, slots=True)
class Mutation:
    """One fact broken for one rule; `related` rules may speak of the same fact."""

    rule_id: str
    broken: str
    statements: tuple[str, ...]
    related: frozenset[str]

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(table for one in self.statements for table in _WRITTEN.findall(one))


@dataclass(frozen=True, slots=True)
class Seen:
    """What the gate said of a mutation: rule → how many findings more than in the clean close."""

    findings: Mapping[str, int]
    remade: int

    def is_caught(self, mutation: Mutation) -> bool:
        return self.findings.get(mutation.rule_id, 0) > 0

    def unrelated(self, mutation: Mutation) -> set[str]:
        return set(self.findings) - mutation.related - {mutation.rule_id}


def mutations() -> Mapping[str, Mutation]:
    """Every declared mutation by the rule that it is for."""
    declared = tomllib.loads(_DECLARED.read_text("utf-8"))
    return {rule_id: _mutation(rule_id, one) for rule_id, one in declared.items()}


def _mutation(rule_id: str, declared: Mapping[str, object]) -> Mutation:
    texts = [str(declared.get("clears", "")), str(declared["facts"])]
    statements = [one.strip() for text in texts for one in text.split(";") if one.strip()]
    related = declared.get("related", [])
    assert isinstance(related, list)
    return Mutation(rule_id, str(declared["broken"]), tuple(map(_filled, statements)), frozenset(related))


def _filled(statement: str) -> str:
    return _OF_DELIVERY.sub(lambda match: _of_delivery(match[1], match[2]), statement)


def _of_delivery(extract: str, month: str | None) -> str:
    applied = f"from build.closing_deliveries where extract = '{extract}'"
    period = f"date '{month}-01'" if month else f"(select max(period) {applied})"
    return f"delivery_id = (select max(delivery_id) {applied} and period = {period})"


class CleanClose:
    """A copy of a closed store, in which one fact at a time is broken."""

    def __init__(self, store: Path) -> None:
        self.connection = open_store(store)
        # As in a build: tables made within a transaction count as empty to the optimizer.
        self.connection.execute(JOINS_AS_WRITTEN)
        self.models = ordered(read_models(root.SQL), _tables(self.connection))
        self._contents: dict[str, tuple[object, ...]] = {}
        self._clean: Mapping[str, int] = dict(self.connection.execute(_FOUND_BY_THE_CLOSE).fetchall())
        # Judgements kept from the close itself would be taken for the mutated tables'.
        self.connection.execute("drop table if exists build.judgement")

    def see(self, mutation: Mutation) -> Seen:
        """Break the fact, make what stands on it, judge it, and put all back."""
        self.connection.begin()
        try:
            before = {table: self._content(table) for table in mutation.tables}
            for statement in mutation.statements:
                self.connection.execute(statement)
            changed = {table for table in mutation.tables if _content(self.connection, table) != before[table]}
            assert changed, f"{mutation.rule_id}: the mutation changes nothing"
            remade = self._make_changed(changed)
            touched = [table for table in suites() if table in changed]
            more = Counter(one.rule_id for one in self._judged(touched))
            more.subtract(self._clean)
            return Seen({rule_id: count for rule_id, count in more.items() if count > 0}, remade)
        finally:
            self.connection.rollback()

    def _make_changed(self, changed: set[str]) -> int:
        """Make what reads a changed table; what comes out as it was stops there. Adds to `changed`."""
        remade = 0
        for model in self.models:
            if model.name in changed or not model.references & changed:
                continue
            before = self._content(model.name)
            _make(self.connection, model)
            remade += 1
            if _content(self.connection, model.name) != before:
                changed.add(model.name)
        return remade

    def _content(self, table: str) -> tuple[object, ...]:
        """Of the clean close; asked once a table, before it is changed."""
        if table not in self._contents:
            self._contents[table] = _content(self.connection, table)
        return self._contents[table]

    def _judged(self, tables: Iterable[str]) -> list[Finding]:
        declared = suites()
        return judge(self.connection, declared={table: declared[table] for table in tables})


def _make(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    try:
        make(connection, model)
    except Refusal as refusal:
        raise AssertionError(f"{model.name}: {refusal.what}") from refusal


def _content(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[object, ...]:
    """Rows and an order-free checksum over them; only ever compared within this process."""
    return connection.execute(
        f"select count(*), sum(cast(hash(t) as hugeint) % 1000000007) from {table} as t"
    ).fetchall()[0]


def _tables(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    rows = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where not temporary"
    ).fetchall()
    return frozenset(name for (name,) in rows)
