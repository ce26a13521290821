"""Training steps of Narrows, PyTorch and Brevitas in turns, so that all of them see the same machine.

    mvn package -pl training -am -DskipTests
    python -m venv venv && venv/bin/pip install torch==2.15.0 brevitas==0.13.4
    python interop/speed/compare.py --peer venv/bin/python --rounds 5 --out training-speed.csv

Every round runs STEPS steps of every variant; a variant's figure is its best round, because other
programs only ever add time; processor time suffers less from them. Each process keeps its threads asleep while another has its turn. Prints a Markdown table;
--out also keeps every round.
"""

import argparse
import csv
import os
import pathlib
import statistics
import subprocess
import sys

import jdk

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLASS_PATH = (
    "training/target/test-classes:training/target/classes:cli/target/lib/*:training/target/lib/*"
)
FLAGS = [
    "--add-modules=jdk.incubator.vector",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-XX:+UseParallelGC",
]
BATCH = 128


class Process:
    def __init__(self, label, command, environment):
        self.label = label
        self.pipe = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        words = self.line().split(maxsplit=3)
        if words[0] != "ready":
            raise SystemExit(f"{label}: expected ready, got {words}")
        self.variants = words[1].split(",")
        self.versions = words[2] + " " + words[3] if len(words) > 3 else ""

    def line(self):
        line = self.pipe.stdout.readline()
        if not line:
            raise SystemExit(f"{self.label} ended")
        return line

    def seconds(self, variant, steps):
        self.pipe.stdin.write(f"{variant} {steps}\n")
        self.pipe.stdin.flush()
        return [float(word) / steps for word in self.line().split()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--java", help="default: that of the JDK which ./narrows would take")
    parser.add_argument("--class-path", default=CLASS_PATH)
    parser.add_argument("--peer", default=sys.executable, help="a Python with torch and brevitas")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--only", help="variants, separated by commas, such as narrows/bf16")
    parser.add_argument("--without-brevitas", action="store_true")
    parser.add_argument("--narrows-torch", action="store_true", help="also layers of narrows.torch")
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    environment = os.environ | {"OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY", "passive")}
    threads = str(options.threads)
    narrows = [options.java or jdk.java(), *FLAGS, "-cp", options.class_path]
    narrows += ["dev.narrows.training.TrainingSteps", threads]
    peer = [options.peer, "interop/speed/peer.py", threads]
    peer += [] if options.without_brevitas else ["--brevitas"]
    peer += ["--narrows"] if options.narrows_torch else []
    environment.setdefault("NARROWS_HOME", str(ROOT))
    processes = [
        Process("narrows", narrows, environment),
        Process("peer", peer, environment),
    ]
    wanted = options.only.split(",") if options.only else None
    turns = [
        (process, variant)
        for process in processes
        for variant in process.variants
        if wanted is None or f"{process.label}/{variant}" in wanted
    ]
    if wanted and len(turns) < len(wanted):
        known = [f"{process.label}/{variant}" for process in processes for variant in process.variants]
        raise SystemExit(f"--only: {set(wanted) - set(known)} are not among {known}")
    for process, variant in turns:
        process.seconds(variant, 2)  # compiles, and Brevitas ends its statistics
    rows = [
        [turn, process.label, variant, *process.seconds(variant, options.steps)]
        for turn in range(options.rounds)
        for process, variant in turns
    ]
    for process in processes:
        process.pipe.stdin.close()
    if options.out:
        with open(options.out, "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["round", "process", "variant", "wall seconds", "processor seconds"])
            writer.writerows(rows)
    print(f"{processes[1].versions.strip()}; {threads} threads, {BATCH} images, {options.rounds} rounds of {options.steps} steps\n")
    print("| variant | images/s, best | median | processor ms a step, least | ÷ Narrows float32 | wall: ÷ Narrows float32, median of rounds |")
    print("|---|---|---|---|---|---|")
    wall, work = {}, {}
    for _, label, variant, seconds, worked in rows:
        name = f"{label} {variant.replace('_', ' ')}"
        wall.setdefault(name, []).append(seconds)
        work.setdefault(name, []).append(worked)
    base = next(iter(wall))
    for name, each in wall.items():
        ratio = statistics.median(mine / theirs for mine, theirs in zip(each, wall[base]))
        print(
            f"| {name} | {BATCH / min(each):.0f} | {BATCH / statistics.median(each):.0f} | {1000 * min(work[name]):.0f}"
            f" | {min(work[name]) / min(work[base]):.2f} | {ratio:.2f} |"
        )


main()
