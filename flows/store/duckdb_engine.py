"""DuckDB builds the models: only what changed, all in one transaction."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.declarations import root
from flows.errors import ExitCode, Refusal
from flows.store.models import (
    ONE_ROW,
    BrokenModel,
    Model,
    downstream,
    fingerprints,
    ordered,
    read_models,
)
from flows.store.printed import PRINTED_TABLES

#: No extension is fetched on the way, and no order of arrival is kept that the SQL does not ask for.
_CONFIGURATION: Mapping[str, str | bool] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "preserve_insertion_order": False,
}

#: The schemas that models make and that may be dropped at any moment.
MODEL_SCHEMAS = ("staging", "core", "quality", "marts", "reconciliations")

#: Within the transaction that makes them, tables count as empty to the optimizer, which then orders joins at random:
#: 57 s where the order written takes 0.3. The SQL puts the large table first and what it looks up after it.
JOINS_AS_WRITTEN = "set disabled_optimizers = 'join_order,build_side_probe_side'"

#: Landed by the ledger's reader, beside the contract's own table.
_SHARED_RAW = frozenset({"missing_value", "quarantine", "unknown_value"})
_LEDGER_EXTRACT = "ekonomi_sie"

#: How long a writer waits for those who read the store to be done: `status` takes less than one.
_OPENING_SECONDS = 5.0

#: A table just made, and the number of its rows.
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made anew, what it found unchanged, and what it took away since no file makes it any more.

    `waiting` are the models, in order, that stand on the printed report: `build_on_print` makes them."""

    made: tuple[str, ...]
    unchanged: tuple[str, ...]
    dropped: tuple[str, ...] = ()
    waiting: tuple[Model, ...] = ()


def open_store(path: Path | str, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection to a store file (or ":memory:"), with nothing fetched from the network.

    Raises Refusal where the file is damaged or another program's, and (exit 5) where another process has it open and
    goes on having it for some seconds: one that only reads is soon done.
    """
    tried_until = time.monotonic() + _OPENING_SECONDS
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only, config=dict(_CONFIGURATION))
        except duckdb.Error as error:
            if "Could not set lock" not in str(error):
                raise Refusal(
                    f"{path} cannot be opened as a DuckDB file ({type(error).__name__}).",
                    "Restore it from its backup, or set BOKSLUT_HOME to another home.",
                ) from None
            if read_only or time.monotonic() > tried_until:
                raise Refusal(
                    f"Another process has {path} open.",
                    "Try again when it is done; `bokslut tables` reads what is published and need not wait.",
                    ExitCode.ANOTHER_WRITER,
                ) from None
            time.sleep(0.1)


def build_tables(
    connection: duckdb.DuckDBPyConnection, progress: Progress | None = None, folder: Path = root.SQL
) -> Built:
    """Make every table whose SQL, or anything it stands on, has changed; in one transaction.

    What stands on the printed report waits. Raises BrokenModel with file, line and CTE where a model cannot be built,
    and Refusal where a Key is not unique; both leave every table as it was.
    """
    models = read_models(folder)
    there = _tables(connection)
    in_order = ordered(models, {name for name in there if name.split(".")[0] not in MODEL_SCHEMAS})
    on_print = downstream(in_order, PRINTED_TABLES)
    first = tuple(model for model in in_order if model.name not in on_print)
    orphans = sorted(name for name in there if name.split(".")[0] in MODEL_SCHEMAS and name not in models)
    made = _make_changed(connection, first, there, orphans, progress)
    return Built(
        made,
        tuple(model.name for model in first if model.name not in made),
        tuple(orphans),
        tuple(model for model in in_order if model.name in on_print),
    )


def build_on_print(
    connection: duckdb.DuckDBPyConnection, waiting: Sequence[Model], progress: Progress | None = None
) -> Built:
    """The second pass: make the models that stand on the printed report, which is written by now; as `build_tables`."""
    made = _make_changed(connection, waiting, _tables(connection), (), progress)
    return Built(made, tuple(model.name for model in waiting if model.name not in made))


def _make_changed(
    connection: duckdb.DuckDBPyConnection,
    models: Sequence[Model],
    there: frozenset[str],
    orphans: Sequence[str],
    progress: Progress | None,
) -> tuple[str, ...]:
    """Make those of the models that changed, drop the orphans, and remember what each stands on; in one transaction."""
    before = dict(connection.execute("select model, fingerprint from build.model_fingerprint").fetchall())
    own = {model.name for model in models}
    earlier = {name: fingerprint for name, fingerprint in before.items() if name not in own}
    inputs = {name for name in there if name.split(".")[0] not in MODEL_SCHEMAS}
    today = fingerprints(models, {**earlier, **_input_fingerprints(connection, models, inputs)})
    changed = [model for model in models if model.name not in there or before.get(model.name) != today[model.name]]
    if changed or orphans:
        connection.execute(JOINS_AS_WRITTEN)
        connection.begin()
        try:
            for name in orphans:
                connection.execute(f"drop table {name}")
                connection.execute(f"delete from build.model_fingerprint where model = '{name}'")
            for schema in MODEL_SCHEMAS:
                connection.execute(f"create schema if not exists {schema}")
            for model in changed:
                rows = make(connection, model)
                if progress:
                    progress(model.name, rows)
                connection.execute(f"delete from build.model_fingerprint where model = '{model.name}'")
                connection.execute("insert into build.model_fingerprint values (?, ?)", [model.name, today[model.name]])
            connection.commit()
        except _Unlocated as error:
            connection.rollback()
            raise _located(connection, changed, error) from None
        except BaseException:
            connection.rollback()
            raise
        finally:
            connection.execute("reset disabled_optimizers")
    return tuple(model.name for model in changed)


def make(connection: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Make one table and assert its Key; returns the number of its rows."""
    try:
        # On the file's first line, which is a comment's: the engine's line numbers are then the file's.
        made = connection.execute(f"create or replace table {model.name} as {model.text}").fetchall()
    except duckdb.Error as error:
        line = _line(error)
        if line is None:
            raise _Unlocated(model, error) from None
        # The cause is not passed on: the engine quotes the cell, and a log prints causes.
        raise _broken(model, model.place(line), error) from None
    assert_key(connection, model)
    return int(made[0][0])


def assert_key(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Raise Refusal where rows of a table share its Key; an unknown part of a key equals another unknown."""
    unknown = [column for column in model.key if column not in model.statement.named_selects]
    if unknown:
        raise BrokenModel(
            f"{model.file}: its Key names {', '.join(unknown)}, which it does not select.", "Correct the head."
        )
    key = ", ".join(model.key)
    grouped = f"select count(*) as n from {model.name}" + (f" group by {key}" if key else "")
    repeated, rows = connection.execute(f"select count(*), sum(n) from ({grouped}) where n > 1").fetchall()[0]
    if repeated:
        raise Refusal(
            f"{model.name}: {repeated} keys ({key or ONE_ROW}) stand on more than one row ({rows} rows in all).",
            f"Correct what is delivered twice, or the grain of {model.file}.",
            ExitCode.BARRED,
        )


class _Unlocated(Exception):
    """A model failed on its data: the engine names no line."""

    def __init__(self, model: Model, cause: duckdb.Error) -> None:
        super().__init__(model.name)
        self.model = model
        self.cause = cause


def _located(connection: duckdb.DuckDBPyConnection, changed: Sequence[Model], error: _Unlocated) -> BrokenModel:
    """Build up to the model that failed once more, and try its CTEs from the inside out."""
    place = error.model.file
    connection.begin()
    try:
        for schema in MODEL_SCHEMAS:
            connection.execute(f"create schema if not exists {schema}")
        for model in changed:
            if model is error.model:
                break
            connection.execute(f"create or replace table {model.name} as {model.text}")
        for span in error.model.ctes():
            try:
                connection.execute(f"create or replace temp table tried_cte as {_up_to(error.model, span.name)}")
            except duckdb.Error:
                place = f"{error.model.file}:{span.first_line} (in the CTE {span.name})"
                break
    except duckdb.Error:
        pass  # What failed has already been reported; the place is then the file.
    finally:
        connection.rollback()
    return _broken(error.model, place, error.cause)


def _up_to(model: Model, cte: str) -> str:
    """The rows of one CTE: the model's statement with its last SELECT put in their place."""
    with_ = model.statement.args["with_"].copy()
    names = [one.alias for one in with_.expressions]
    with_.set("expressions", with_.expressions[: names.index(cte) + 1])
    return f"{with_.sql(dialect='duckdb', comments=False)} select * from {cte}"


def _broken(model: Model, place: str, error: duckdb.Error) -> BrokenModel:
    # Conversion errors quote the cell that failed, which may be a personal one: only the binder's words are passed on.
    speaks_of_names = isinstance(error, duckdb.BinderException | duckdb.CatalogException | duckdb.ParserException)
    words = str(error).splitlines()[0] if speaks_of_names else f"{type(error).__name__} on the rows it reads"
    return BrokenModel(f"{place}: {model.name} cannot be built: {words}.", "Correct the file.")


def _line(error: duckdb.Error) -> int | None:
    match = re.search(r"^LINE (\d+):", str(error), re.MULTILINE)
    return int(match[1]) if match else None


def _tables(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    rows = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables()"
        " where database_name = current_database() and not temporary"
    ).fetchall()
    return frozenset(name for (name,) in rows)


def _input_fingerprints(
    connection: duckdb.DuckDBPyConnection, models: Sequence[Model], inputs: set[str]
) -> Mapping[str, str]:
    """What the tables that no model makes hold: of raw ones the deliveries that apply, of the small ones their rows."""
    applied: dict[str, list[int]] = {}
    for extract, delivery_id in connection.execute(
        "select extract, delivery_id from build.closing_deliveries order by extract, delivery_id"
    ).fetchall():
        applied.setdefault(extract, []).append(delivery_id)
    loaded = dict(connection.execute("select reference, fingerprint from build.reference_file").fetchall())
    read = {reference for model in models for reference in model.references} & inputs
    found: dict[str, str] = {}
    for name in read:
        schema, table = name.split(".", 1)
        if schema == "raw" and table not in _SHARED_RAW:
            extract = _LEDGER_EXTRACT if table.startswith("sie_") else table
            found[name] = repr(applied.get(extract, []))
        elif schema == "raw":
            found[name] = repr(applied)
        elif schema == "reference" and table in loaded:
            found[name] = loaded[table]
        else:
            rows = sorted(repr(row) for row in connection.execute(f"select * from {name}").fetchall())
            found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found
