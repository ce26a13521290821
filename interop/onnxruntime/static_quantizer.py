"""ONNX Runtime's static quantiser beside Narrows: every integer of every tensor, with ==.

    python -m venv venv && venv/bin/pip install onnxruntime==1.29.0 onnx==1.22.0
    venv/bin/python interop/onnxruntime/static_quantizer.py --weights resnet20-12fca82f.safetensors \\
        --images cifar-10-batches-bin/test_batch.bin --out docs/results/onnxruntime-quantized.csv

Builds ResNet-20 of CIFAR-10 from its float weights and a small MobileNetV2-like network of seeded
random weights, quantises both in the QDQ and the QOperator form, per tensor and per channel, runs
the runtime and `narrows run --all-tensors`, and counts integers that differ, by the kernel that
made the tensor. The runtime is at its `extended` level, where integer kernels run; with signed
activations, which that level turns into unsigned ones in part, it is at `none`, where numbers are
multiplied in binary32 and only the tensors between are integers.
"""

import argparse
import collections
import csv
import json
import logging
import os
import pathlib
import platform
import shutil
import struct
import subprocess
import tempfile

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_static,
)

CALIBRATION = 64
BLOCK = 200
LEVELS = [ort.GraphOptimizationLevel.ORT_DISABLE_ALL,
          ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED]
MEAN = np.array([0.485, 0.456, 0.406], np.float32).reshape(3, 1, 1)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32).reshape(3, 1, 1)


class Graph:
    """Nodes and constants; a node's output has the node's name."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name, array):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, operator, inputs, name, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def conv(self, x, weights, bias, name, stride, groups=1):
        k = weights.shape[2]
        inputs = [x, self.constant(name + ".w", weights), self.constant(name + ".b", bias)]
        return self.node("Conv", inputs, name, kernel_shape=[k, k], strides=[stride, stride],
                         pads=[k // 2] * 4, group=groups)

    def classify(self, x, weights, bias):
        x = self.node("Flatten", [self.node("GlobalAveragePool", [x], "pool")], "flat")
        return self.node("Gemm", [x, self.constant("fc.w", weights), self.constant("fc.b", bias)],
                         "logits", transB=1)

    def save(self, path):
        image = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 32, 32])
        logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 10])
        graph = helper.make_graph(self.nodes, "g", [image], [logits], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        model = onnx.shape_inference.infer_shapes(model)
        onnx.checker.check_model(model)
        onnx.save(model, path)


def safetensors(path):
    data = pathlib.Path(path).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    types = {"F32": np.float32, "I64": np.int64}
    return {
        name: np.frombuffer(data[8 + size:][slice(*entry["data_offsets"])],
                            types[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in json.loads(data[8:8 + size]).items() if name != "__metadata__"
    }


def resnet20(weights):
    state, graph = safetensors(weights), Graph()

    def conv(x, name, norm, stride):
        factor = state[norm + ".weight"] / np.sqrt(state[norm + ".running_var"] + 1e-5)
        bias = state[norm + ".bias"] - state[norm + ".running_mean"] * factor
        folded = state[name + ".weight"] * factor[:, None, None, None]
        return graph.conv(x, folded.astype(np.float32), bias.astype(np.float32), name, stride)

    x = graph.node("Relu", [conv("x", "conv1", "bn1", 1)], "relu1")
    for stage in (1, 2, 3):
        for block in range(3):
            name = "layer%d.%d" % (stage, block)
            stride = 2 if stage > 1 and block == 0 else 1
            y = graph.node("Relu", [conv(x, name + ".conv1", name + ".bn1", stride)], name + ".relu1")
            y = conv(y, name + ".conv2", name + ".bn2", 1)
            if stride == 2:  # every second position, zeros around the channels
                more = state[name + ".conv1.weight"].shape[0] // 4
                for part, values in (("starts", [0, 0]), ("ends", [1 << 30] * 2), ("axes", [2, 3]),
                                     ("steps", [2, 2]), ("pads", [0, more, 0, 0, 0, more, 0, 0])):
                    graph.constant(name + "." + part, np.array(values, np.int64))
                parts = [name + "." + part for part in ("starts", "ends", "axes", "steps")]
                x = graph.node("Slice", [x, *parts], name + ".slice")
                x = graph.node("Pad", [x, name + ".pads"], name + ".pad")
            x = graph.node("Relu", [graph.node("Add", [y, x], name + ".add")], name + ".relu2")
    graph.classify(x, state["linear.weight"], state["linear.bias"])
    return graph


def mobilenet(seed):
    random, graph = np.random.default_rng(seed), Graph()
    graph.constant("zero", np.float32(0))
    graph.constant("six", np.float32(6))

    def conv(x, inputs, outputs, kernel, stride, name, groups=1):
        shape = (outputs, inputs // groups, kernel, kernel)
        deviation = np.sqrt(2 / np.prod(shape[1:]))
        weights = (random.normal(size=shape) * deviation).astype(np.float32)
        bias = (random.normal(size=outputs) * 0.1).astype(np.float32)
        return graph.conv(x, weights, bias, name, stride, groups)

    def relu6(x):
        return graph.node("Clip", [x, "zero", "six"], x + ".relu6")

    x, channels = relu6(conv("x", 3, 16, 3, 2, "stem")), 16
    blocks = [(1, 8, 1), (6, 12, 2), (6, 12, 1), (6, 16, 2), (6, 16, 1), (6, 24, 1)]
    for i, (expansion, outputs, stride) in enumerate(blocks):
        y, wide = x, channels * expansion
        if expansion > 1:
            y = relu6(conv(y, channels, wide, 1, 1, "block%d.expand" % i))
        y = relu6(conv(y, wide, wide, 3, stride, "block%d.depthwise" % i, wide))
        y = conv(y, wide, outputs, 1, 1, "block%d.project" % i)
        same = stride == 1 and channels == outputs
        x = graph.node("Add", [y, x], "block%d.add" % i) if same else y
        channels = outputs
    x = relu6(conv(x, channels, 64, 1, 1, "head"))
    graph.classify(x, (random.normal(size=(10, 64)) * 0.2).astype(np.float32),
                   random.normal(size=10).astype(np.float32))
    return graph


class Reader(CalibrationDataReader):
    def __init__(self, images):
        self.images = iter([{"x": image[None]} for image in images])

    def get_next(self):
        return next(self.images, None)


def cifar(path, count):
    codes = np.frombuffer(pathlib.Path(path).read_bytes(), np.uint8).reshape(-1, 3073)[:count, 1:]
    numbers = codes.reshape(-1, 3, 32, 32).astype(np.float32) / np.float32(255)
    return ((numbers - MEAN) / DEVIATION).astype(np.float32)


def runtime(path, folder, level):
    """The runtime's own graph at an optimisation level, with every tensor as an output."""
    options = ort.SessionOptions()
    options.graph_optimization_level = level
    options.optimized_model_filepath = str(folder / "optimized.onnx")
    ort.InferenceSession(path, options)
    model = onnx.load(folder / "optimized.onnx")
    made = {name: node.op_type for node in model.graph.node for name in node.output if name}
    for name in made:
        if name not in {output.name for output in model.graph.output}:
            model.graph.output.append(onnx.ValueInfoProto(name=name))
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    return ort.InferenceSession(model.SerializeToString(), options), made


def compare(launcher, path, images, folder, level):
    session, made = runtime(path, folder, level)
    names = [output.name for output in session.get_outputs()]
    counts = collections.OrderedDict()
    compared = set()
    for first in range(0, len(images), BLOCK):
        block = images[first:first + BLOCK]
        np.save(folder / "x.npy", block)
        ours = folder / "ours"
        shutil.rmtree(ours, ignore_errors=True)
        subprocess.run([launcher, "run", "--threads", "1", path, "--input", folder / "x.npy", "--layout", "nchw",
                        "--all-tensors", "--out", ours], check=True, stdout=subprocess.DEVNULL)
        files = {file.stem.split("_", 1)[1]: np.load(file) for file in ours.glob("*.npy")}
        for i in range(len(block)):
            for name, theirs in zip(names, session.run(None, {"x": block[i:i + 1]})):
                if name not in files or not np.issubdtype(theirs.dtype, np.integer) and name != "logits":
                    continue
                mine = files[name][i].reshape(-1)
                row = counts.setdefault(made[name], [0, 0, 0, 0])
                far = np.abs(mine.astype(np.float64) - theirs.reshape(-1).astype(np.float64))
                row[0] += name not in compared
                compared.add(name)
                row[1] += far.size
                row[2] += int(np.count_nonzero(far))
                row[3] = max(row[3], float(far.max()))
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--narrows", default="./narrows", help="the launcher")
    parser.add_argument("--weights", required=True, help="ResNet-20, safetensors")
    parser.add_argument("--images", required=True, help="CIFAR-10's test_batch.bin")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="CSV to write")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    images = cifar(arguments.images, arguments.count)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for network, graph in (("resnet20", resnet20(arguments.weights)), ("mobilenet", mobilenet(1))):
            graph.save(folder / "float.onnx")
            for form in (QuantFormat.QDQ, QuantFormat.QOperator):
                for channels in (False, True):
                    for codes in (QuantType.QUInt8, QuantType.QInt8):
                        if form == QuantFormat.QOperator and codes == QuantType.QInt8:
                            continue  # that form of the quantiser has no signed activations on x86-64
                        path = str(folder / "quantized.onnx")
                        quantize_static(
                            str(folder / "float.onnx"), path, Reader(images[:CALIBRATION]),
                            quant_format=form, per_channel=channels,
                            activation_type=codes, weight_type=QuantType.QInt8)
                        level = LEVELS[codes == QuantType.QUInt8]
                        counts = compare(arguments.narrows, path, images, folder, level)
                        for kernel, row in counts.items():
                            rows.append([network, form.name, "channel" if channels else "tensor",
                                         codes.name[1:].lower(), kernel, *row])
                            print(*rows[-1], flush=True)
    lines = [
        "# integers of ONNX Runtime and of narrows run, compared with ==, by the runtime's kernel",
        "# made by interop/onnxruntime/static_quantizer.py --count %d" % arguments.count,
        "# onnxruntime %s (MIT), onnx %s, numpy %s, Python %s, %s"
        % (ort.__version__, onnx.__version__, np.__version__, platform.python_version(),
           platform.machine()),
    ]
    temporary = arguments.out.with_suffix(".tmp")
    with open(temporary, "w", newline="") as file:
        file.write("\n".join(lines) + "\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["network", "form", "weights per", "activations", "kernel", "tensors",
                         "values", "differing", "largest difference"])
        writer.writerows(rows)
    os.replace(temporary, arguments.out)


if __name__ == "__main__":
    main()
