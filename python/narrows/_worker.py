"""The resident process: Narrows itself, spoken to over a pipe in lines of JSON."""

from __future__ import annotations

import atexit
import json
import os
import platform
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

from ._errors import MissingRuntimeError, NarrowsError, WorkerDiedError

_CARRIED = Path(__file__).parent / "_runtime"
_PROCESSORS = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "aarch64", "aarch64": "aarch64"}
_ALWAYS = "WARNING: Using incubator modules"  # what every JVM with vectors says first
_SYSTEMS = {"Linux": "linux", "Darwin": "macos"}


def _here() -> str:
    system = _SYSTEMS.get(platform.system(), platform.system().lower())
    return f"{system}-{_PROCESSORS.get(platform.machine().lower(), platform.machine())}"


def launcher() -> Path:
    """The script that starts Narrows: of $NARROWS_HOME if that is set, else the wheel's own."""
    home = os.environ.get("NARROWS_HOME")
    if home:
        for place in ("bin/narrows", "narrows"):
            script = Path(home, place)
            if script.is_file():
                return script
        raise MissingRuntimeError(
            f"NARROWS_HOME is {home}, which is neither a checkout nor a release of Narrows: "
            "expected narrows or bin/narrows in it"
        )
    script = _CARRIED / "bin" / "narrows"
    if not script.is_file():
        raise MissingRuntimeError(
            f"this installation carries no runtime (expected {script}): install a wheel for "
            f"{_here()}, or set NARROWS_HOME to a checkout or an unpacked release"
        )
    try:
        name = (_CARRIED / "lib" / "name").read_text().split()[0]
    except (OSError, IndexError):
        raise MissingRuntimeError(f"{_CARRIED} is incomplete: install the wheel again") from None
    if not name.endswith("-" + _here()):
        built = "-".join(name.split("-")[-2:])
        raise MissingRuntimeError(
            f"this wheel carries a runtime for {built} and the machine is {_here()}: "
            f"install the wheel for {_here()}"
        )
    _make_ready()
    return script


def _make_ready() -> None:
    """Gives jars the date they were packed with, which pip does not keep.

    The start-up archive holds for jars of that date only. Where the folder may not be written to,
    all works as well, and the first call takes half a second longer.
    """
    try:
        seconds = int((_CARRIED / "lib" / "date").read_text())
        for jar in (_CARRIED / "lib").glob("*.jar"):
            if int(jar.stat().st_mtime) != seconds:
                os.utime(jar, (seconds, seconds))
    except (OSError, ValueError):
        pass


class Worker:
    """One resident process. Calls from several threads wait for one another."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._owner = 0
        self._calls = 0

    def call(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Makes a call and waits for its answer."""
        with self._lock:
            process = self._start()
            self._calls += 1
            line = json.dumps({"id": self._calls, "call": name, **arguments}) + "\n"
            assert process.stdin is not None and process.stdout is not None
            try:
                process.stdin.write(line.encode())
                process.stdin.flush()
                reply = process.stdout.readline()
            except BrokenPipeError:
                reply = b""
            except BaseException:  # Ctrl-C above all: the answer must not be taken for the next
                self.close()
                raise
            if not reply.endswith(b"\n"):
                raise self._died()
        try:
            answer: dict[str, Any] = json.loads(reply)
        except ValueError:
            self.close()
            raise WorkerDiedError(f"the worker said what is no answer: {reply[:200]!r}") from None
        if "error" in answer:
            raise NarrowsError(answer["error"])
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._owner != os.getpid():
            self._process = None  # after a fork the pipe is the parent's
        if self._process is not None and self._process.poll() is not None:
            self.close()  # ended between two calls: nothing is lost
        if self._process is None:
            script = launcher()
            try:
                self._log = tempfile.TemporaryFile()
                self._process = subprocess.Popen(
                    [str(script), "worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=self._log,
                )
            except OSError as problem:
                raise MissingRuntimeError(f"{script} does not start: {problem}") from None
            self._owner = os.getpid()
        return self._process

    def _died(self) -> NarrowsError:
        """Says why, from what the process said last."""
        assert self._process is not None and self._log is not None
        code = self._process.wait()
        self._log.seek(0)
        said = self._log.read().decode(errors="replace").strip().splitlines()
        self.close()
        own = [line for line in said if line.strip() and not line.startswith(_ALWAYS)]
        last = own[-1] if own else ""
        # the launcher itself: no runtime, the wrong platform; what it said of a build is no reason
        if code > 0 and last.startswith("narrows: "):
            return MissingRuntimeError(last.removeprefix("narrows: "))
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        if -code == 9:
            how += " (out of memory, perhaps: NARROWS_HEAP=1g gives it less)"
        return WorkerDiedError(
            f"the worker {how}; the next call starts another" + (f": {last}" if last else "")
        )

    def close(self) -> None:
        """Ends the process; the next call starts another."""
        with self._lock:
            process, self._process = self._process, None
            log, self._log = self._log, None
            if process is not None and self._owner == os.getpid():
                for pipe in (process.stdin, process.stdout):
                    if pipe is not None:
                        try:
                            pipe.close()
                        except OSError:
                            pass
                try:
                    process.wait(timeout=2)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            if log is not None:
                log.close()


WORKER = Worker()
atexit.register(WORKER.close)
