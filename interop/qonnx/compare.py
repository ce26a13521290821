"""Runs exported networks in QONNX's own executor and compares every integer with Narrows.

    python interop/qonnx/compare.py --narrows ./narrows --out interop/qonnx/agreement.csv RUN...

RUN is a run folder or a network file. For each: `narrows export --to qonnx`, seeded random input
codes that cover the input's format, `narrows run --all-tensors`, QONNX's executor on one image at a
time, and a comparison with == of the output and of every tensor that both name. Needs `pip install
qonnx`. Exit 1 if a single integer differs.
"""

import argparse
import csv
import hashlib
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import onnx
import onnxruntime
import qonnx
from importlib.metadata import version
from qonnx.core.modelwrapper import ModelWrapper
from qonnx.core.onnx_exec import execute_onnx


def narrows(launcher, *arguments):
    subprocess.run([launcher, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def stored_codes(model):
    """Input codes of the annotated format: uniform, with both ends more often."""
    name = model.graph.input[0].name
    datatype = model.get_tensor_datatype(name)
    return name, model.get_tensor_shape(name), int(datatype.min()), int(datatype.max())


def compare(launcher, run, images, seed, folder):
    exported = folder / "network.onnx"
    narrows(launcher, "export", run, "--to", "qonnx", "--out", exported)
    onnx.checker.check_model(onnx.load(exported))
    model = ModelWrapper(str(exported))
    name, shape, least, most = stored_codes(model)
    random = np.random.default_rng(seed)
    inputs = random.integers(least, most + 1, size=(images, *shape[1:]), dtype=np.int32)
    ends = random.integers(0, 8, size=inputs.shape)
    inputs[ends == 0] = least
    inputs[ends == 1] = most
    np.save(folder / "inputs.npy", inputs)
    ours = folder / "ours"
    narrows(launcher, "run", run, "--input", folder / "inputs.npy", "--layout", "nchw",
            "--all-tensors", "--out", ours)
    tensors = {path.stem.split("_", 1)[1]: np.load(path) for path in sorted(ours.glob("*.npy"))}
    last = max(ours.glob("*.npy"), key=lambda path: int(path.stem.split("_")[0]))
    output = model.graph.output[0].name
    named = {info.name for info in model.graph.value_info} & tensors.keys()
    counts = {"outputs": 0, "differing outputs": 0, "integers": 0, "differing integers": 0}
    for image in range(images):
        given = {name: inputs[image : image + 1].astype(np.float32)}
        theirs = execute_onnx(model, given, return_full_exec_context=True)
        mine = np.load(last)[image].reshape(-1)
        counts["outputs"] += mine.size
        counts["differing outputs"] += int(np.sum(theirs[output].reshape(-1) != mine))
        for tensor in named:
            mine = tensors[tensor][image].reshape(-1)
            counts["integers"] += mine.size
            counts["differing integers"] += int(np.sum(theirs[tensor].reshape(-1) != mine))
    counts["tensors"] = len(named)
    counts["nodes"] = len(model.graph.node)
    counts["operators"] = " ".join(sorted({node.op_type for node in model.graph.node}))
    counts["bytes"] = exported.stat().st_size
    return counts


def network_file(run):
    return run / "network.narrows" if run.is_dir() else run


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--narrows", default="./narrows", help="the launcher")
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, help="CSV to write")
    parser.add_argument("runs", nargs="+", type=pathlib.Path, metavar="NAME=RUN")
    arguments = parser.parse_args()
    warnings.simplefilter("error")  # a value that its datatype cannot hold is only a warning there
    rows = []
    for text in arguments.runs:
        name, _, path = str(text).rpartition("=")
        run = pathlib.Path(path)
        with tempfile.TemporaryDirectory() as folder:
            counts = compare(arguments.narrows, run, arguments.images, arguments.seed,
                             pathlib.Path(folder))
        digest = hashlib.sha256(network_file(run).read_bytes()).hexdigest()
        rows.append({"network": name or run.name, "sha256": digest, "images": arguments.images,
                     **counts})
        print(rows[-1], flush=True)
    lines = [
        "# QONNX's executor beside narrows run on seeded random input codes, compared with ==",
        "# made by interop/qonnx/compare.py --images %d --seed %d" % (arguments.images, arguments.seed),
        "# qonnx %s (BSD-3-Clause), onnx %s, onnxruntime %s, numpy %s, Python %s, %s"
        % (version("qonnx"), onnx.__version__, onnxruntime.__version__, np.__version__,
           platform.python_version(), platform.machine()),
    ]
    if arguments.out:
        temporary = arguments.out.with_suffix(".tmp")
        with open(temporary, "w", newline="") as file:
            file.write("\n".join(lines) + "\n")
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        os.replace(temporary, arguments.out)
    differing = sum(row["differing outputs"] + row["differing integers"] for row in rows)
    print("%d of %d integers differ" % (differing, sum(row["integers"] for row in rows)))
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
