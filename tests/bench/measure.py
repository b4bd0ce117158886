"""Run one command as a whole process and say how long it took and the most memory it held.

The measuring is done by this file as a small process of its own: Linux counts the memory of whoever starts a process
as that process's, and the bench itself holds a database.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_LOOK_EVERY = 0.2


@dataclass(frozen=True)
class Limits:
    """When a run is stopped: seconds of wall time and bytes of memory."""

    seconds: float
    memory: int


@dataclass(frozen=True)
class Measured:
    """One run: wall and processor seconds, peak memory in bytes, exit code, and why it was stopped if it was."""

    seconds: float
    cpu: float
    peak: int
    code: int
    stopped: str | None


def measure(command: list[str], limits: Limits, log: Path, cwd: Path) -> Measured:
    """Run ``command`` and wait for it; what it prints goes to ``log``."""
    asked = json.dumps({"command": command, "limits": asdict(limits), "log": str(log), "cwd": str(cwd)})
    done = subprocess.run([sys.executable, "-I", "-S", __file__, asked], stdout=subprocess.PIPE, text=True, check=True)
    return Measured(**json.loads(done.stdout))


def _run(command: list[str], limits: Limits, log: str, cwd: str) -> Measured:
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        _become(command, log, cwd)
    stopped: list[str] = []

    def look(*_: object) -> None:
        reason = _too_much(child, time.perf_counter() - began, limits)
        if reason and not stopped:
            stopped.append(reason)
            os.killpg(child, signal.SIGKILL)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _LOOK_EVERY, _LOOK_EVERY)
    _, status, used = os.wait4(child, 0)
    seconds = time.perf_counter() - began
    signal.setitimer(signal.ITIMER_REAL, 0)
    return Measured(
        seconds=seconds,
        cpu=used.ru_utime + used.ru_stime,
        peak=used.ru_maxrss * 1024,
        code=os.waitstatus_to_exitcode(status),
        stopped=stopped[0] if stopped else None,
    )


def _become(command: list[str], log: str, cwd: str) -> None:
    """Turn this new process into ``command``, in a group of its own so that all of it can be stopped."""
    try:
        os.setsid()
        os.chdir(cwd)
        lines = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(lines, 1)
        os.dup2(lines, 2)
        os.execvp(command[0], command)
    finally:
        os._exit(127)


def _too_much(process: int, seconds: float, limits: Limits) -> str | None:
    if seconds > limits.seconds:
        return f"stopped after {limits.seconds:g} s"
    try:
        held = int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return None
    return f"stopped at {limits.memory / 1e9:.1f} GB" if held > limits.memory else None


if __name__ == "__main__":
    wanted = json.loads(sys.argv[1])
    print(json.dumps(asdict(_run(wanted["command"], Limits(**wanted["limits"]), wanted["log"], wanted["cwd"]))))
