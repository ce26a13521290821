#!/usr/bin/env python3
"""Packs the Python package, with the tool and its Java runtime, as a wheel.

    make_wheel.py FOLDER

FOLDER is where ./narrows package made the tool; the wheel goes there too. Nothing but Python's own
library is used, and the same tool makes the same bytes. Prints the wheel's path and size.
"""

import base64
import hashlib
import re
import stat
import sys
import tomllib
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TAGS = {
    "linux-x86_64": "manylinux_{}_x86_64",
    "linux-aarch64": "manylinux_{}_aarch64",
    "macos-x86_64": "macosx_11_0_x86_64",
    "macos-aarch64": "macosx_11_0_arm64",
}
DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say; installers keep none


def glibc(runtime):
    """The oldest glibc that a runtime's programs and libraries start with: Temurin's 2.17, Debian's newer."""
    needed = {(2, 17)}
    for file in (*runtime.glob("bin/*"), *runtime.rglob("lib/**/*.so")):
        for major, minor in re.findall(rb"\0GLIBC_(\d+)\.(\d+)", file.read_bytes()):
            needed.add((int(major), int(minor)))
    return "{}_{}".format(*max(needed))


def metadata(project, version):
    """The text that pip reads, from pyproject.toml."""
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project['name']}",
        f"Version: {version}",
        f"Summary: {project['description']}",
        f"License-Expression: {project['license']}",
        f"Requires-Python: {project['requires-python']}",
        "Keywords: " + ",".join(project["keywords"]),
    ]
    lines += [f"Classifier: {each}" for each in project["classifiers"]]
    lines += [f"Requires-Dist: {each}" for each in project["dependencies"]]
    for extra, needs in project["optional-dependencies"].items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {each}; extra == "{extra}"' for each in needs]
    lines += ["Description-Content-Type: text/markdown", "", (HERE / "README.md").read_text()]
    return "\n".join(lines)


class Wheel:
    """A wheel under construction."""

    def __init__(self, path):
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
        self.records = []

    def add(self, name, content, executable=False):
        entry = zipfile.ZipInfo(name, DATE)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3  # Unix, whatever this runs on
        mode = 0o755 if executable else 0o644
        entry.external_attr = (stat.S_IFREG | mode) << 16
        self.zip.writestr(entry, content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        self.records.append(f"{name},sha256={digest},{len(content)}")

    def close(self, info):
        self.records.append(f"{info}/RECORD,,")
        entry = zipfile.ZipInfo(f"{info}/RECORD", DATE)
        entry.create_system = 3
        entry.external_attr = (stat.S_IFREG | 0o644) << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        self.zip.writestr(entry, "\n".join(self.records) + "\n")
        self.zip.close()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    out = Path(sys.argv[1])
    try:
        name = (out / "tool.name").read_text().strip()
    except OSError:
        sys.exit(f"narrows: there is no tool in {out}: run ./narrows package tool")
    tool = out / name
    version, platform = re.fullmatch(r"narrows-(.+)-(\w+-\w+)", name).groups()
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    info = f"narrows-{version}.dist-info"
    tag = "py3-none-" + TAGS[platform].format(glibc(tool / "runtime"))
    path = out / f"narrows-{version}-{tag}.whl"
    part = path.with_suffix(".part")
    wheel = Wheel(part)
    for source in sorted((HERE / "narrows").iterdir()):
        if source.name == "_version.py":
            text = f'"""The version; written by what packed this wheel."""\n\nVERSION = "{version}"\n'
            wheel.add(f"narrows/{source.name}", text.encode())
        elif source.is_file():
            wheel.add(f"narrows/{source.name}", source.read_bytes())
    for source in sorted(tool.rglob("*")):
        if source.is_file():  # what a link leads to, where there are links: a zip knows none
            inner = source.relative_to(tool).as_posix()
            # pages and scripts for shells go where the environment has its own
            shared = inner.startswith("share/")
            inner = f"narrows-{version}.data/data/{inner}" if shared else f"narrows/_runtime/{inner}"
            wheel.add(inner, source.read_bytes(), bool(source.stat().st_mode & 0o100))
    seconds = int((tool / "lib" / "name").stat().st_mtime)
    wheel.add("narrows/_runtime/lib/date", f"{seconds}\n".encode())
    wheel.add(f"{info}/METADATA", metadata(project, version).encode())
    wheel.add(
        f"{info}/WHEEL",
        f"Wheel-Version: 1.0\nGenerator: narrows\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(),
    )
    scripts = "".join(f"{key} = {value}\n" for key, value in project["scripts"].items())
    wheel.add(f"{info}/entry_points.txt", f"[console_scripts]\n{scripts}".encode())
    wheel.add(f"{info}/licenses/LICENSE", (tool / "LICENSE").read_bytes())
    wheel.close(info)
    part.rename(path)
    print(f"{path}  {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
