"""Shells that somebody types in: a word begun and a tab, on a terminal of their own."""

import os
import pty
import select
import shutil
import subprocess
import time

import pytest

TYPED = [
    ("narrows ana", "lyze "),
    ("narrows data f", "etch "),
    ("narrows evaluate --prep", "rocess "),
    ("narrows analyze --format j", "son "),
    ("narrows analyze mod", "el.tflite "),
    ("./narrows doc", "tor "),
]


class Shell:
    """A shell without its owner's settings, that has read some lines."""

    def __init__(self, words, lines, folder):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.environ.update(TERM="dumb", HOME=str(folder))
            os.execvp(words[0], words)
        # what is typed before a shell asks would be shown twice
        self.type("PS1=; echo re''ady\n")
        self.until("ready")
        self.type("".join(line + "\n" for line in lines) + "echo do''ne\n")
        self.until("done")

    def type(self, text):
        os.write(self.terminal, text.encode())

    def until(self, text, seconds=60):
        """Reads until a text is shown; what was shown."""
        shown = ""
        end = time.monotonic() + seconds
        while text not in shown and time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.1)[0]:
                shown += os.read(self.terminal, 65536).decode(errors="replace")
        assert text in shown, f"expected {text!r}, the shell shows {shown!r}"
        return shown

    def close(self):
        os.close(self.terminal)  # the terminal hangs up
        os.waitpid(self.pid, 0)


@pytest.fixture(scope="module")
def scripts(root, tmp_path_factory):
    """As a release carries them, with a file to complete."""
    folder = tmp_path_factory.mktemp("completion")
    for shell in ("bash", "zsh"):
        done = subprocess.run(
            [root / "narrows", "completion", shell], capture_output=True, text=True, check=True
        )
        (folder / f"narrows.{shell}").write_text(done.stdout)
    bash = folder / "share/bash-completion/completions/narrows"
    bash.parent.mkdir(parents=True)
    shutil.copy(folder / "narrows.bash", bash)
    zsh = folder / "share/zsh/site-functions/_narrows"
    zsh.parent.mkdir(parents=True)
    shutil.copy(root / "cli/src/main/launcher/zsh-completion", zsh)
    (folder / "model.tflite").touch()
    return folder


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (["bash", "--norc", "--noprofile", "-i"], ["source narrows.bash"]),
        (["zsh", "-f", "-i"], ["unsetopt beep", "source narrows.zsh"]),
        (
            ["zsh", "-f", "-i"],
            ["unsetopt beep", "fpath=($PWD/share/zsh/site-functions $fpath)", "autoload -U compinit", "compinit -u -D"],
        ),
    ],
    ids=["bash", "zsh", "zsh in a release"],
)
def test_a_tab_completes_what_was_begun(scripts, words, lines):
    if shutil.which(words[0]) is None:
        pytest.skip(f"there is no {words[0]} here")
    shell = Shell(words, lines, scripts)
    try:
        for begun, rest in TYPED:
            shell.type(begun + "\t")
            assert "not found" not in shell.until(begun + rest)
            shell.type("\x15")  # forget the line
    finally:
        shell.close()
