"""The shell scripts that start Narrows, on machines that they do not know and with files that are broken."""

import os
import platform
import shutil
import subprocess
import tarfile

import pytest

pytestmark = pytest.mark.skipif(platform.system() != "Linux", reason="uname is replaced")


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)


def said(words, system, machine, folder):
    """What a script says on a machine, and its exit code."""
    script(
        folder / "bin" / "uname",
        f'case $1 in -s) echo {system};; -m) echo {machine};; *) echo {system} {machine};; esac\n',
    )
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(words, capture_output=True, text=True, env=environment)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("system", "machine", "command", "expected"),
    [
        ("MINGW64_NT-10.0", "x86_64", "analyze", "Windows itself is not supported"),
        ("Linux", "aarch64", "train", "train needs libtorch, which there is for Linux on x86-64"),
        ("FreeBSD", "amd64", "sweep", "not for FreeBSD amd64"),
    ],
)
def test_a_checkout_says_what_a_machine_lacks(root, tmp_path, system, machine, command, expected):
    code, out, err = said([root / "narrows", command, "x"], system, machine, tmp_path)
    assert code == 1 and out == "" and expected in err and err.count("\n") == 1


@pytest.fixture
def release(root, tmp_path):
    """A release whose Java says what it was started with."""
    home = tmp_path / "narrows-1.2.3-linux-x86_64"
    (home / "bin").mkdir(parents=True)
    shutil.copy(root / "cli/src/main/launcher/narrows", home / "bin/narrows")
    (home / "lib").mkdir()
    (home / "lib/name").write_text("narrows-1.2.3-linux-x86_64 0123abc\n")
    (home / "lib/narrows-cli.jar").touch()
    script(home / "runtime/bin/java", 'echo "$@"\n')
    return home


def test_a_release_for_another_processor_says_so(release, tmp_path):
    start = [release / "bin/narrows", "--help"]
    code, _, err = said(start, "Linux", "aarch64", tmp_path)
    assert code == 1 and err.startswith("narrows: this is a release for linux-x86_64 and the machine")
    code, out, _ = said(start, "Linux", "x86_64", tmp_path)
    assert code == 0 and out.endswith("dev.narrows.cli.Narrows --help\n")


@pytest.mark.parametrize(
    ("lost", "expected"),
    [("lib/name", "lib/name is missing"), ("runtime/bin/java", "the Java runtime is missing")],
)
def test_a_release_with_a_file_missing_says_so(release, tmp_path, lost, expected):
    (release / lost).unlink()
    code, _, err = said([release / "bin/narrows", "--help"], "Linux", "x86_64", tmp_path)
    assert code == 1 and expected in err and err.count("\n") == 1


def test_a_room_is_unpacked_once_and_whole_or_not_at_all(release, tmp_path):
    start = [release / "bin/narrows", "train", "recipe.yaml"]
    code, _, err = said(start, "Linux", "x86_64", tmp_path)
    assert code == 1 and "put narrows-1.2.3-training-linux-x86_64.tar.gz into" in err
    archive = tmp_path / "narrows-1.2.3-training-linux-x86_64.tar.gz"
    jar = tmp_path / "libtorch.jar"
    jar.write_bytes(os.urandom(100_000))
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(jar, f"{release.name}/lib/rooms/training/libtorch.jar")
    whole = archive.read_bytes()
    archive.write_bytes(whole[:50_000])
    code, _, err = said(start, "Linux", "x86_64", tmp_path)
    lines = err.splitlines()
    assert code == 1 and len(lines) == 2 and "could not be unpacked" in lines[1]
    assert list((release / "lib/rooms").iterdir()) == []
    archive.write_bytes(whole)
    code, out, _ = said(start, "Linux", "x86_64", tmp_path)
    assert code == 0 and "rooms/training/libtorch.jar" in out
    code, out, err = said(start, "Linux", "x86_64", tmp_path)
    assert code == 0 and "rooms/training/libtorch.jar" in out and err == ""
