"""Checks exported ONNX files with ONNX's checker and runs them in ONNX Runtime beside Narrows.

    python interop/onnx/written.py --narrows ./narrows --out interop/onnx/written.csv \
        [--codes CODES.npy] NAME=MODEL...

For each model and form: `narrows export`, onnx.checker.check_model(full_check=True), `narrows run` on
the codes (int, [N, C, H, W]; without --codes seeded random ones that cover the input's type), ONNX
Runtime without and with its optimisations, and a comparison with == of every code of the output and
of the class with the largest one. A form that cannot express the network is a row with the reason.
`--exact` files must agree in every code: exit 1 if one does not, or if the checker refuses a file.
"""

import argparse
import csv
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

FORMS = [("onnx-qdq", []), ("onnx-qoperator", []), ("onnx-qoperator", ["--exact"])]
TYPES = {"tensor(uint8)": np.uint8, "tensor(int8)": np.int8, "tensor(uint16)": np.uint16,
         "tensor(int16)": np.int16, "tensor(int32)": np.int32, "tensor(float)": np.float32}


def narrows(launcher, *arguments):
    return subprocess.run([launcher, *map(str, arguments)], check=False, capture_output=True, text=True)


def session(path, optimised):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = (
        onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL if optimised
        else onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL)
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def outputs(running, codes):
    given = running.get_inputs()[0]
    fixed = isinstance(given.shape[0], int)
    made = []
    step = 1 if fixed else 100
    for first in range(0, len(codes), step):
        made.append(running.run(None, {given.name: codes[first : first + step]})[0])
    return np.concatenate(made).reshape(len(codes), -1)


def random_codes(given, images):
    kind = np.iinfo(TYPES[given.type])
    random = np.random.default_rng(1)
    return random.integers(kind.min, kind.max + 1, size=(images, *given.shape[1:]))


def compare(launcher, model, codes_file, images, form, options, folder):
    exported = folder / "network.onnx"
    said = narrows(launcher, "export", model, "--to", form, *options, "--out", exported)
    row = {"form": " ".join([form, *options])}
    if said.returncode != 0:
        return {**row, "result": said.stderr.strip().splitlines()[-1]}
    onnx.checker.check_model(onnx.load(exported), full_check=True)
    plain = session(exported, False)
    given = plain.get_inputs()[0]
    codes = np.load(codes_file)[:images] if codes_file else random_codes(given, images)
    codes = codes.astype(TYPES[given.type])
    np.save(folder / "codes.npy", codes.astype(np.int32))
    ours = folder / "ours"
    run = narrows(launcher, "run", model, "--input", folder / "codes.npy", "--layout", "nchw", "--out", ours)
    if run.returncode != 0:
        sys.exit(run.stderr)
    mine = np.load(sorted(ours.glob("*.npy"))[-1]).reshape(len(codes), -1)
    row |= {"result": "checked", "bytes": exported.stat().st_size, "images": len(codes),
            "codes": mine.size, "notes": len(said.stderr.strip().splitlines())}
    for optimised in (False, True):
        made = outputs(session(exported, optimised), codes)
        name = "optimised" if optimised else "plain"
        row |= {f"{name}: differing codes": int(np.sum(made != mine)),
                f"{name}: by at most": int(np.max(np.abs(made.astype(np.int64) - mine.astype(np.int64)))),
                f"{name}: differing classes": int(np.sum(made.argmax(1) != mine.argmax(1)))}
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--narrows", default="./narrows", help="the launcher")
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--codes", type=pathlib.Path, help=".npy of input codes, [N, C, H, W]")
    parser.add_argument("--out", type=pathlib.Path, help="CSV to write or to add rows to")
    parser.add_argument("models", nargs="+", metavar="NAME=MODEL")
    arguments = parser.parse_args()
    rows, wrong = [], 0
    for text in arguments.models:
        name, _, model = text.rpartition("=")
        for form, options in FORMS:
            with tempfile.TemporaryDirectory() as folder:
                row = {"network": name, **compare(arguments.narrows, model, arguments.codes,
                                                  arguments.images, form, options, pathlib.Path(folder))}
            wrong += "--exact" in options and row.get("plain: differing codes", 0) > 0
            rows.append(row)
            print(row, flush=True)
    if arguments.out:
        write(arguments, rows)
    sys.exit(1 if wrong else 0)


def write(arguments, rows):
    fields = ["network", "form", "result", "bytes", "notes", "images", "codes",
              *(f"{name}: {what}" for name in ("plain", "optimised")
                for what in ("differing codes", "by at most", "differing classes"))]
    header = [
        "# exported files in ONNX Runtime beside narrows run, codes compared with ==",
        "# made by interop/onnx/written.py",
        "# onnx %s, onnxruntime %s, numpy %s, Python %s, %s"
        % (onnx.__version__, onnxruntime.__version__, np.__version__, platform.python_version(),
           platform.machine()),
    ]
    known = []
    if arguments.out.exists():
        with open(arguments.out, newline="") as file:
            known = list(csv.DictReader(line for line in file if not line.startswith("#")))
    made = {(row["network"], row["form"]) for row in rows}
    rows = [row for row in known if (row["network"], row["form"]) not in made] + rows
    temporary = arguments.out.with_suffix(".tmp")
    with open(temporary, "w", newline="") as file:
        file.write("\n".join(header) + "\n")
        writer = csv.DictWriter(file, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    os.replace(temporary, arguments.out)


if __name__ == "__main__":
    main()
