"""A PostgreSQL of the bench's own, and the extracts in it, for the peer that works where the data already is."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg

from tests.postgres import USER, programs

_TABLES = {
    "visits": (
        "visit_id text, person_id text, placement_id text, visit_date date, recorded_on date, seen text, "
        "seen_alone text, visit_type text, minutes integer, worker_id text"
    ),
    "placements": (
        "placement_id text, person_id text, start_date date, end_date date, placement_type text, postcode text, "
        "change_reason text, weekly_cost double precision"
    ),
}


@contextlib.contextmanager
def server() -> Iterator[str | None]:
    """Yield the address of an empty database, as ``postgresql://user@host:port/database``; None without PostgreSQL."""
    place = programs()
    if place is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="bench-pg-", ignore_cleanup_errors=True) as made:
        folder, port = Path(made), _free_port()
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        data = folder / "data"
        _do(place / "initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        # What an administrator gives a server of this size; the defaults are for a machine of 1 GB.
        settings = (
            f"-k {folder} -p {port} -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=2GB "
            "-c work_mem=256MB -c max_wal_size=8GB"
        )
        _do(place / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", settings, "start")
        try:
            yield f"postgresql://bench@127.0.0.1:{port}/postgres"
        finally:
            _do(place / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def fill(address: str, folder: Path) -> None:
    """Put the Parquet files of ``folder`` into tables at ``address``, in place of those there."""
    with (
        psycopg.connect(address, autocommit=True) as session,
        tempfile.TemporaryDirectory(prefix="bench-csv-") as between,
    ):
        for table, columns in _TABLES.items():
            file = Path(between) / f"{table}.csv"
            names = ", ".join(column.split()[0] for column in columns.split(", "))
            duckdb.sql(f"COPY (SELECT {names} FROM '{folder}/{table}.parquet') TO '{file}' (FORMAT csv, HEADER false)")
            session.execute(f"DROP TABLE IF EXISTS {table}")
            session.execute(f"CREATE UNLOGGED TABLE {table} ({columns})")
            with (
                session.cursor().copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy,
                file.open("rb") as lines,
            ):
                while chunk := lines.read(1 << 20):
                    copy.write(chunk)
        session.execute("ANALYZE")


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _do(*command: str | Path) -> None:
    user = USER if os.geteuid() == 0 else None
    words = [str(part) for part in command]
    subprocess.run(
        words, check=True, user=user, extra_groups=[] if user else None, cwd="/",
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
