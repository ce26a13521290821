"""The java of a JDK 25, looked for where ./narrows looks."""

import glob
import os
import pathlib
import re
import shutil

FOLDERS = [
    "/usr/lib/jvm/*",
    "/usr/java/*",
    "/usr/local/*jdk*",
    "/opt/*jdk*",
    "/opt/java/*",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
    "~/.asdf/installs/java/*",
    "~/.local/share/mise/installs/java/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
]


def java():
    for home in homes():
        release = home / "release"
        if (home / "bin/java").exists() and (home / "bin/javac").exists() and release.exists():
            if re.search(r'^JAVA_VERSION="25[".+-]', release.read_text(), re.MULTILINE):
                return str(home / "bin/java")
    raise SystemExit("no JDK 25 found: set JAVA_HOME to one, or name its java by --java")


def homes():
    on_path = shutil.which("javac")
    named = [
        os.environ.get("JAVA_HOME"),
        on_path and pathlib.Path(on_path).resolve().parent.parent,
        os.environ.get("JAVA_HOME_25_X64"),
    ]
    yield from (pathlib.Path(home) for home in named if home)
    for folder in FOLDERS:
        yield from map(pathlib.Path, sorted(glob.glob(os.path.expanduser(folder))))
