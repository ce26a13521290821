"""What ONNX Runtime computes of files in which Narrows wrote other constants.

    venv/bin/python interop/onnxruntime/changed.py --shared network/src/test/resources/golden/onnxruntime
    # OnnxConstantsTest compares the files that Narrows writes: changed-NAME.onnx of NAME.onnx
    venv/bin/python interop/onnxruntime/changed.py network/src/test/resources/golden/onnxruntime

The first makes qdq-shared.onnx, whose two products share weights, scale and zero point; the second
writes changed-NAME.csv from the inputs of NAME.csv, after onnx.checker has seen the file.
"""

import argparse
import pathlib
import platform

import numpy as np
import onnx
import onnxruntime as ort
from golden import Case, words


def shared():
    case = Case("qdq-shared", 50)
    scale, zero = case.constant(np.float32(0.04)), case.constant(np.array(128, np.uint8))
    x = case.dequantized(case.quantized("x", scale, zero), scale, zero)
    codes, each, none = case.codes(7, 4), case.scale(), case.constant(np.array(0, np.int8))
    after, middle = case.constant(np.float32(0.05)), case.constant(np.array(96, np.uint8))
    made = []
    for _ in range(2):
        product = case.node("MatMul", [x, case.dequantized(codes, each, none)])
        made.append(case.dequantized(case.quantized(product, after, middle), after, middle))
    return case, case.quantized(case.node("Add", made), after, middle), (2, 7), np.float32


def run(file, inputs):
    onnx.checker.check_model(onnx.load(file))
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    session = ort.InferenceSession(str(file), options)
    (given,) = session.get_inputs()
    dtype = {"tensor(float)": np.float32, "tensor(uint8)": np.uint8, "tensor(int8)": np.int8}[given.type]
    lines = []
    for line in inputs.read_text().splitlines():
        if not line.startswith("#"):
            numbers = np.array(line.split(",")[0].split(), np.int64)
            bits = numbers.astype(np.int32).view(np.float32) if dtype == np.float32 else numbers.astype(dtype)
            (made,) = session.run(None, {given.name: bits.reshape(given.shape)})
            lines.append(line.split(",")[0] + "," + " ".join(map(str, words(made))))
    head = "# made by interop/onnxruntime/changed.py, onnxruntime %s (MIT), %s\n" % (
        ort.__version__, platform.machine())
    file.with_suffix(".csv").write_text(head + "\n".join(lines) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--shared", action="store_true")
    arguments = parser.parse_args()
    if arguments.shared:
        case, made, shape, dtype = shared()
        case.write(arguments.folder, made, shape, dtype)
    else:
        for file in sorted(arguments.folder.glob("changed-*.onnx")):
            run(file, arguments.folder / (file.stem.removeprefix("changed-") + ".csv"))
