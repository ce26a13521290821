"""Random networks beside Narrows, quantised by ONNX Runtime's static quantiser, every tensor.

    venv/bin/python interop/onnxruntime/random_networks.py --count 100 --level all

Seeded: for each number a chain of operators that the quantiser knows, QDQ, weights per tensor or per
channel, activations unsigned or (each fourth) signed. Integer tensors that `narrows run
--all-tensors` and the runtime's optimised graph both name are compared with ==, numbers within 1e-5
of the largest. Prints each tensor that differs, with the operator that made it.
"""

import argparse
import logging
import pathlib
import shutil
import subprocess
import tempfile

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

LEVELS = {"extended": ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
          "all": ort.GraphOptimizationLevel.ORT_ENABLE_ALL}
CALLS = 4
COORDINATES = ["asymmetric", "half_pixel", "align_corners", "pytorch_half_pixel"]


class Chain:
    """A graph that grows at its end, of shape [1, channels, height, width]."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.constants = [], []
        self.channels, size = int(self.random.choice([2, 4, 6])), int(self.random.choice([6, 8, 12]))
        self.height = self.width = size
        self.end, self.given = "x", [1, self.channels, size, size]

    def constant(self, array):
        name = "c%d" % len(self.constants)
        self.constants.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def numbers(self, *shape, scale=0.3):
        return self.constant((self.random.normal(size=shape) * scale).astype(np.float32))

    def node(self, operator, *inputs, outputs=1, **attributes):
        names = ["%s%d_%d" % (operator.lower(), len(self.nodes), i) for i in range(outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, name=names[0], **attributes))
        return names[0] if outputs == 1 else names

    def convolve(self):
        outputs, kernel = int(self.random.choice([3, 4, 8])), int(self.random.choice([1, 3]))
        self.end = self.node("Conv", self.end, self.numbers(outputs, self.channels, kernel, kernel),
                             self.numbers(outputs), pads=[kernel // 2] * 4)
        self.channels = outputs

    def spread(self):
        self.end = self.node("ConvTranspose", self.end, self.numbers(self.channels, 3, 2, 2),
                             strides=[2, 2])
        self.channels, self.height, self.width = 3, 2 * self.height, 2 * self.width

    def function(self):
        operator, attributes = [
            ("Relu", {}), ("LeakyRelu", {"alpha": 0.1}), ("Sigmoid", {}), ("Tanh", {}),
            ("HardSwish", {}), ("HardSigmoid", {}), ("Elu", {}), ("Selu", {}), ("Softplus", {}),
            ("Erf", {}), ("Abs", {}), ("Softmax", {"axis": int(self.random.choice([1, -1]))}),
            ("LpNormalization", {"axis": 1}), ("LRN", {"size": 3})][self.random.integers(14)]
        self.end = self.node(operator, self.end, **attributes)

    def pool(self):
        if self.random.random() < 0.5:
            self.end = self.node("AveragePool", self.end, kernel_shape=[3, 3], pads=[1] * 4,
                                 count_include_pad=int(self.random.integers(2)))
            return
        self.end = self.node(str(self.random.choice(["MaxPool", "AveragePool"])), self.end,
                             kernel_shape=[2, 2], strides=[2, 2])
        self.height, self.width = self.height // 2, self.width // 2

    def resize(self):
        scale, mode = float(self.random.choice([2, 1.5])), str(
            self.random.choice(["nearest", "linear", "cubic"]))
        self.end = self.node(
            "Resize", self.end, "", self.constant(np.array([1, 1, scale, 2], np.float32)),
            mode=mode, coordinate_transformation_mode="half_pixel" if scale != 2 or mode == "cubic"
            else str(self.random.choice(COORDINATES)))
        self.height, self.width = int(self.height * scale), 2 * self.width

    def two(self):
        other = (self.numbers(1, self.channels, 1, 1) if self.random.random() < 0.5
                 else self.node("Sigmoid", self.end))
        self.end = self.node(str(self.random.choice(["Add", "Mul", "Sub", "Max", "Min"])),
                             self.end, other)

    def join(self):
        self.end = self.node("Concat", self.end, self.node("Tanh", self.end), axis=1)
        self.channels *= 2

    def halve(self):
        if self.channels % 2 == 0:
            parts = self.node("Split", self.end, outputs=2, axis=1)
            self.end, self.channels = self.node("Mul", *parts), self.channels // 2

    def pad(self):
        pads = self.constant(np.array([0, 0, 1, 2, 0, 0, 0, 1], np.int64))
        self.end = self.node("Pad", self.end, pads,
                             self.constant(np.float32(self.random.choice([0, 0.3]))))
        self.height, self.width = self.height + 1, self.width + 3

    def multiply(self):
        self.end = self.node("MatMul", self.end, self.numbers(self.width, 5))
        self.width = 5

    def weigh(self):
        weights = self.node("Sigmoid", self.node("GlobalAveragePool", self.end))
        self.end = self.node("Mul", self.end, weights)

    def normalize(self):
        self.end = self.node("LayerNormalization", self.end, self.numbers(self.width),
                             self.numbers(self.width))

    def model(self):
        steps = [self.convolve, self.convolve, self.function, self.function, self.pool, self.resize,
                 self.two, self.join, self.halve, self.pad, self.multiply, self.weigh, self.normalize,
                 self.spread]
        for step in self.random.choice(steps, int(self.random.integers(3, 9))):
            small = min(self.height, self.width) < 4
            large = max(self.height, self.width) > 16 or self.channels > 16
            if not (small and step == self.pool
                    or large and step in (self.resize, self.spread, self.join, self.pad)):
                step()
        if self.end == "x":
            self.convolve()
        x = helper.make_tensor_value_info("x", TensorProto.FLOAT, self.given)
        y = helper.make_tensor_value_info(self.end, TensorProto.FLOAT, None)
        graph = helper.make_graph(self.nodes, "g", [x], [y], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        return onnx.shape_inference.infer_shapes(model)


class Reader(CalibrationDataReader):
    def __init__(self, arrays):
        self.arrays = iter([{"x": array} for array in arrays])

    def get_next(self):
        return next(self.arrays, None)


def quantized(seed, folder):
    chain, random = Chain(seed), np.random.default_rng(seed + 1000)
    onnx.save(chain.model(), folder / "float.onnx")
    arrays = [random.normal(size=chain.given).astype(np.float32) for _ in range(8 + CALLS)]
    quantize_static(
        folder / "float.onnx", folder / "quantized.onnx", Reader(arrays[CALLS:]),
        quant_format=QuantFormat.QDQ, per_channel=bool(seed % 2), weight_type=QuantType.QInt8,
        activation_type=QuantType.QUInt8 if seed % 4 else QuantType.QInt8)
    return arrays[:CALLS]


def runtime(folder, level):
    """The runtime's graph at a level, with every tensor as an output, and who makes them."""
    options = ort.SessionOptions()
    options.graph_optimization_level = LEVELS[level]
    options.optimized_model_filepath = str(folder / "optimized.onnx")
    ort.InferenceSession(folder / "quantized.onnx", options)
    model = onnx.load(folder / "optimized.onnx")
    made = {name: node.op_type for node in model.graph.node for name in node.output if name}
    for name in made:
        if name not in {output.name for output in model.graph.output}:
            model.graph.output.append(onnx.ValueInfoProto(name=name))
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    return ort.InferenceSession(model.SerializeToString(), options), made


def differing(launcher, folder, arrays, level):
    np.save(folder / "x.npy", np.concatenate(arrays))
    subprocess.run([launcher, "run", "--threads", "1", folder / "quantized.onnx", "--input",
                    folder / "x.npy", "--layout", "nchw", "--all-tensors", "--out", folder / "ours"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ours = {file.stem.split("_", 1)[1]: np.load(file) for file in (folder / "ours").glob("*.npy")}
    session, made = runtime(folder, level)
    names = [output.name for output in session.get_outputs() if output.name in ours]
    counts = dict.fromkeys(names, 0)
    for call, array in enumerate(arrays):
        for name, theirs in zip(names, session.run(names, {"x": array})):
            mine = ours[name][call].reshape(-1).astype(np.float64)
            theirs = np.asarray(theirs).reshape(-1)
            near = (0 if np.issubdtype(theirs.dtype, np.integer)
                    else 1e-5 * max(1, float(np.abs(theirs).max())))
            counts[name] += int(np.count_nonzero(np.abs(mine - theirs) > near))
    return len(names), [(name, made[name], count) for name, count in counts.items() if count]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--narrows", default="./narrows", help="the launcher")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--level", choices=sorted(LEVELS), default="all")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    ort.set_default_logger_severity(4)
    for seed in range(arguments.first, arguments.first + arguments.count):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            try:
                tensors, differ = differing(
                    arguments.narrows, folder, quantized(seed, folder), arguments.level)
                print(seed, tensors, "tensors", differ, flush=True)
            except Exception as problem:  # the runtime refuses some of its own graphs
                print(seed, str(problem)[:200], flush=True)


if __name__ == "__main__":
    main()
