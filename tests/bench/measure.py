"""Measure a close, stage by stage, against the floor; and the demo against DuckDB's COPY of the same rows.

    make bench                      scale 1
    make bench SCALE=10

Everything runs in this order on this machine, each in a process of its own, and only ratios are worth comparing between
machines. Prints its table and writes it to `tests/bench/measured.md`.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.declarations import root
from flows.store.duckdb_engine import MODEL_SCHEMAS
from flows.store.models import ordered, read_models

PERIOD = "2021-08"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Run:
    """One process: its seconds, its peak memory in MiB, and what it printed."""

    seconds: float
    peak_mib: float
    printed: str


def run(*command: str, environment: dict[str, str] | None = None) -> Run:
    """Run to the end; a failure stops the measurement with what it printed."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as printed:
        process = subprocess.Popen(
            command, stdout=printed, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        text = printed.read()
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{text}")
    return Run(time.perf_counter() - started, usage.ru_maxrss / 1024, text)


def write_floor(build_store: Path, folder: Path) -> None:
    """The close's own inputs as clean files, and the SELECTs in their order."""
    connection = duckdb.connect(str(build_store), read_only=True)
    models = read_models(root.SQL)
    made = set(models)
    inputs = sorted({name for model in models.values() for name in model.references if name not in made})
    tables: dict[str, dict[str, str]] = {}
    for table in inputs:
        described = connection.execute(f"describe {table}").fetchall()
        tables[table] = {name: kind for name, kind, *_ in described}
        applied = " where delivery_id in (select delivery_id from build.closing_deliveries)"
        rows = f"select * from {table}" + (
            applied if "delivery_id" in tables[table] and table.startswith("raw.") else ""
        )
        connection.execute(f"copy ({rows}) to '{folder / table}.csv' (header)")
        connection.execute(f"copy ({rows}) to '{folder / table}.parquet'")
    plan = {
        "schemas": sorted({"raw", "build", "reference", "control", *MODEL_SCHEMAS}),
        "tables": tables,
        "models": [(model.name, model.text) for model in ordered(models, inputs)],
    }
    (folder / "plan.json").write_text(json.dumps(plan), "utf-8")


def write_rival_of_demo(build_store: Path, folder: Path) -> None:
    """What COPY is asked to write: every landed row, in memory first."""
    script = folder / "copy.py"
    script.write_text(
        f"""
import duckdb, json, time
connection = duckdb.connect()
connection.execute("attach '{build_store}' as store (read_only)")
names = [row[0] for row in connection.execute(
    "select table_name from duckdb_tables() where database_name = 'store' and schema_name = 'raw'").fetchall()]
for name in names:
    connection.execute(f"create table {{name}} as select * from store.raw.{{name}}")
started = time.perf_counter()
for name in names:
    connection.execute(f"copy {{name}} to '{folder}/{{name}}.copied' (header, delimiter ';')")
print(json.dumps(time.perf_counter() - started))
""",
        "utf-8",
    )


#: The demo's own work, its libraries loaded as they are in the process that COPY runs in.
_WRITE_DEMO = """
import sys, time
from pathlib import Path
import duckdb, numpy, pandas, pyarrow.compute
from flows.demo.write import write_demo
started = time.perf_counter()
write_demo(Path(sys.argv[1]), None, 1, int(sys.argv[2]), lambda line: None)
print(time.perf_counter() - started)
"""


def measured(scale: int) -> str:
    """The table of one scale, in Markdown."""
    with tempfile.TemporaryDirectory(prefix="bokslut-bench-") as scratch:
        folder = Path(scratch)
        exports, home, floor = folder / "exports", folder / "home", folder / "floor"
        floor.mkdir()
        environment = {
            "BOKSLUT_HOME": str(home),
            "BOKSLUT_KEY_FILE": str(folder / "state" / "bokslut" / "demo.key"),
            "XDG_STATE_HOME": str(folder / "state"),
            "PREFECT_API_URL": "",
        }
        bokslut = str(Path(sys.executable).parent / "bokslut")
        demo = run(bokslut, "demo", "--to", str(exports), "--scale", str(scale), environment=environment)
        close = run(bokslut, "close", PERIOD, "--from", str(exports), environment=environment)
        stages = json.loads((home / "logs" / "stages.json").read_text("utf-8"))["seconds"]
        again = run(bokslut, "close", PERIOD, "--from", str(exports), environment=environment)
        write_floor(home / "store.duckdb", floor)
        from_csv = json.loads(run(sys.executable, "-m", "tests.bench.floor", str(floor), "csv").printed)
        from_parquet = json.loads(run(sys.executable, "-m", "tests.bench.floor", str(floor), "parquet").printed)
        write_rival_of_demo(home / "store.duckdb", floor)
        copied = float(run(sys.executable, str(floor / "copy.py")).printed)
        wrote = float(run(sys.executable, "-c", _WRITE_DEMO, str(folder / "again"), str(scale)).printed)
        connection = duckdb.connect(str(home / "store.duckdb"), read_only=True)
        (rows,) = connection.execute("select sum(landed_rows) from control.deliveries").fetchone() or (0,)
        connection.close()

    floor_seconds = from_csv["total"]

    def row(what: str, seconds: float, peak_mib: float | None = None) -> str:
        peak = "" if peak_mib is None else f"{peak_mib:.0f}"
        return f"| {what} | {seconds:.2f} | {seconds / floor_seconds:.1f} | {peak} |"

    lines = [
        f"### Scale {scale}: {int(rows):,} rows landed".replace(",", " "),
        "",
        "| what | seconds | of the floor (CSV) | peak MiB |",
        "|---|---:|---:|---:|",
        row(f"floor from CSV (load {from_csv['load']:.2f}, build {from_csv['build']:.2f})", **_total(from_csv)),
        row(f"floor from Parquet (load {from_parquet['load']:.2f})", **_total(from_parquet)),
        row("**close**, whole process", close.seconds, close.peak_mib),
        *(row(f"· {name}", seconds) for name, seconds in stages.items()),
        row("close again, nothing changed", again.seconds, again.peak_mib),
        "",
        f"Demo: {wrote:.2f} s ({demo.seconds:.2f} s as a whole process, {demo.peak_mib:.0f} MiB);"
        f" DuckDB's COPY of the same rows {copied:.2f} s: {copied / wrote:.2f} of its speed.",
    ]
    return "\n".join(lines)


def _total(floor: dict[str, float]) -> dict[str, float]:
    return {"seconds": floor["total"], "peak_mib": floor["peak_mib"]}


def main() -> None:
    """Measure at the scales asked for (SCALE, by default 1)."""
    scales = [int(word) for word in os.environ.get("SCALE", "1").split()]
    machine = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, {os.cpu_count()} cores"
    head = f"# Measured\n\n{machine}. `make bench` writes this file."
    report = "\n\n".join([head, *(measured(scale) for scale in scales)]) + "\n"
    (HERE / "measured.md").write_text(report, "utf-8")
    print(report)


if __name__ == "__main__":
    main()
