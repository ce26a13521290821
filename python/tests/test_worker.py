"""The resident process, and what can go wrong around it."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import narrows
from narrows import _worker


def test_a_call_costs_milliseconds():
    narrows.dot([[1]], [[1]], "exact")
    seconds = []
    for _ in range(30):
        start = time.perf_counter()
        narrows.dot([[1, 2]], [[3, 4]], "int8:saturate")
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.05  # the quickest, because other programs may be running


def test_a_worker_that_died_is_told_and_replaced():
    pid = narrows._worker.WORKER.call("hello")["pid"]
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(0.2, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(narrows.WorkerDiedError, match="signal 9") as told:
        narrows.dot([[1]], [[1]], "exact")
    assert "\n" not in str(told.value)
    assert narrows.dot([[2]], [[3]], "exact") == 6


def test_one_that_died_between_calls_is_replaced_silently():
    pid = narrows._worker.WORKER.call("hello")["pid"]
    os.kill(pid, signal.SIGKILL)
    narrows._worker.WORKER._process.wait()
    assert narrows.dot([[2]], [[3]], "exact") == 6


def test_threads_take_turns():
    results = [None] * 8

    def work(i):
        results[i] = int(narrows.dot([[i, i]], [[1, 1]], "exact")[0, 0])

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [2 * i for i in range(8)]


def test_an_installation_without_a_runtime_says_so(monkeypatch, tmp_path):
    monkeypatch.delenv("NARROWS_HOME")
    monkeypatch.setattr(_worker, "_CARRIED", tmp_path)
    with pytest.raises(narrows.MissingRuntimeError, match="carries no runtime"):
        _worker.launcher()


def test_a_runtime_for_another_processor_says_so(monkeypatch, tmp_path):
    monkeypatch.delenv("NARROWS_HOME")
    monkeypatch.setattr(_worker, "_CARRIED", tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "narrows").touch()
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "name").write_text("narrows-1.0.0-linux-riscv64 0123\n")
    with pytest.raises(narrows.MissingRuntimeError, match="for linux-riscv64 and the machine is"):
        _worker.launcher()


def test_a_home_that_is_none_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("NARROWS_HOME", str(tmp_path))
    with pytest.raises(narrows.MissingRuntimeError, match="neither a checkout nor a release"):
        _worker.launcher()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux limits the size of files this way")
def test_no_space_for_arrays_is_told_in_one_line():
    program = """
import resource, signal, numpy, narrows
narrows.dot([[1]], [[1]], "exact")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
try:
    narrows.dot(numpy.ones((1000, 1000)), numpy.ones((1, 1000)), "exact")
except narrows.NarrowsError as told:
    print(told)
"""
    said = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(narrows.__file__))},
    )
    assert said.stdout.startswith("no space for arrays in ") and said.stdout.count("\n") == 1


def test_results_outlive_their_files(monkeypatch, tmp_path):
    monkeypatch.setenv("NARROWS_EXCHANGE", str(tmp_path))
    result = narrows.dot([[1, 2]], np.ones((1000, 2)), "exact")
    assert result.sum() == 3000 and not os.listdir(tmp_path)
