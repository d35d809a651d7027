"""The floor: what DuckDB alone needs for the same rows and the same SELECTs.

Clean UTF-8 CSV or Parquet, read_csv or read_parquet, the models in their order, one checkpoint. No encodings to find
out, no bad rows, no archive, no person keys, no gate, no versions. A close can come near this time and never below it.

    python -m tests.bench.floor FOLDER csv|parquet

FOLDER is written by `tests.bench.measure`: a file a table, and `plan.json` with each table's columns and each model's
SELECT. Prints one line of JSON: seconds by stage, and the peak memory in MiB.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import duckdb


def run(folder: Path, form: str) -> dict[str, float]:
    """Seconds by stage of one run from nothing, and the peak memory of this process in MiB."""
    plan = json.loads((folder / "plan.json").read_text("utf-8"))
    store = folder / f"floor-{form}.duckdb"
    store.unlink(missing_ok=True)
    started = time.perf_counter()
    connection = duckdb.connect(str(store))
    for schema in plan["schemas"]:
        connection.execute(f"create schema if not exists {schema}")
    for table, columns in plan["tables"].items():
        path = folder / f"{table}.{form}"
        reader = f"read_csv('{path}', header=true, columns={columns!r})" if form == "csv" else f"read_parquet('{path}')"
        connection.execute(f"create table {table} as select * from {reader}")
    loaded = time.perf_counter()
    for table, select in plan["models"]:
        connection.execute(f"create table {table} as {select}")
    built = time.perf_counter()
    connection.execute("checkpoint")
    connection.close()
    ended = time.perf_counter()
    return {
        "load": loaded - started,
        "build": built - loaded,
        "checkpoint": ended - built,
        "total": ended - started,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), sys.argv[2])))
