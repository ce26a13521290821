"""Training steps through ResNet-20 of a file beside the built-in one, in turns in one process.

    mvn package -pl training -am -DskipTests
    python -m venv venv && venv/bin/pip install torch==2.15.0 onnx onnxscript
    venv/bin/python interop/speed/imported.py --rounds 40

The file is peer.py's network as torch.onnx.export writes it. A round is one step of each variant, the
order turned around every time; other programs only ever add time, so least and median are told.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile

import torch

import jdk
import peer

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLASS_PATH = "training/target/test-classes:training/target/classes:cli/target/lib/*:training/target/lib/*"
FLAGS = [
    "--add-modules=jdk.incubator.vector",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-XX:+UseParallelGC",
]
VARIANTS = ["float32", "file-float32", "qat", "file-qat"]


def export(path):
    torch.manual_seed(1)
    net = peer.ResNet20(peer.plain_parts()).eval()
    torch.onnx.export(net, (torch.zeros(1, 3, 32, 32),), path, optimize=False)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--java", help="default: that of the JDK which ./narrows would take")
    parser.add_argument("--class-path", default=CLASS_PATH)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "resnet20.onnx"
        export(file)
        command = [options.java or jdk.java(), *FLAGS, "-cp", options.class_path, "dev.narrows.training.TrainingSteps"]
        steps = subprocess.Popen(
            [*command, str(options.threads), str(file)],
            cwd=ROOT,
            env=os.environ | {"OMP_WAIT_POLICY": "passive"},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        words = steps.stdout.readline().split()
        if words != ["ready", "float32,qat,file-float32,file-qat"]:
            raise SystemExit(f"expected ready and four variants, got {words}")

        def step(variant, count=1):
            steps.stdin.write(f"{variant} {count}\n")
            steps.stdin.flush()
            return [float(word) for word in steps.stdout.readline().split()]

        for variant in VARIANTS:
            step(variant, 3)
        taken = {variant: [] for variant in VARIANTS}
        for turn in range(options.rounds):
            for variant in VARIANTS if turn % 2 else VARIANTS[::-1]:
                taken[variant].append(step(variant))
        steps.stdin.close()
    print("| step | least ms | median ms | processor ms, mean |")
    print("|---|---|---|---|")
    for variant, rounds in taken.items():
        wall = [1000 * wall for wall, _ in rounds]
        work = 1000 * statistics.mean(work for _, work in rounds)
        print(f"| {variant} | {min(wall):.0f} | {statistics.median(wall):.0f} | {work:.0f} |")
    for kind in ["float32", "qat"]:
        own, other = taken[kind], taken["file-" + kind]
        pairs = statistics.median(b[0] / a[0] for a, b in zip(own, other))
        least = min(b[0] for b in other) / min(a[0] for a in own)
        work = sum(b[1] for b in other) / sum(a[1] for a in own)
        print(f"{kind}: least {least:.3f}, median of rounds {pairs:.3f}, processor time {work:.3f}")


main()
