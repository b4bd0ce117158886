"""A PostgreSQL of the tests' own: made once for each process, in a folder that goes with it, known to nobody else."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

USER = "nobody"
"""Who runs the server where the tests run as root, which PostgreSQL refuses to be run by."""


_ORDER = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-GB")
"""Texts are put in the order of an English dictionary, as in most databases, and not by their bytes."""

LOCKED = "locked"
"""A user who is asked for a password, once a test has made one of that name; nobody else is."""


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, or None where there is no PostgreSQL."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _do(*command: str | Path) -> None:
    user = USER if os.geteuid() == 0 else None
    done = subprocess.run(
        [str(part) for part in command], user=user, group=None, extra_groups=[] if user else None, cwd="/",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if done.returncode:
        pytest.fail(f"{Path(command[0]).name} failed: {done.stdout}", pytrace=False)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty database, as ``postgresql://user@host:port/database``."""
    pytest.importorskip("psycopg")
    place = programs()
    if place is None:
        pytest.skip("there is no PostgreSQL on this machine (no initdb)")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    data, port = folder / "data", _free_port()
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        _do(place / "initdb", "-D", data, "--username=plumbline", "--auth=trust", "--no-sync", *_ORDER)
        hosts = data / "pg_hba.conf"
        hosts.write_text(f"host all {LOCKED} all scram-sha-256\n{hosts.read_text()}")
        settings = f"-k {folder} -p {port} -c listen_addresses=127.0.0.1 -c fsync=off -c jit=off"
        _do(place / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", settings, "start")
        try:
            yield f"postgresql://plumbline@127.0.0.1:{port}/postgres"
        finally:
            _do(place / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
