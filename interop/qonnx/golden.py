"""Small QONNX files and what QONNX's own executor computes of them.

    venv/bin/python interop/qonnx/golden.py network/src/test/resources/golden/qonnx

Writes NAME.onnx and NAME.csv for each case below: a line is one call, the input's numbers and the
output's as the bits of binary32. The weights are seeded random ones.
"""

import pathlib
import platform
import sys
import warnings
from importlib.metadata import version

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from qonnx.core.modelwrapper import ModelWrapper
from qonnx.core.onnx_exec import execute_onnx
from qonnx.transformation.infer_shapes import InferShapes

CALLS = 12
DOMAIN = "qonnx.custom_op.general"


class Case:
    def __init__(self, name, seed, shape):
        self.name, self.shape, self.random = name, shape, np.random.default_rng(seed)
        self.nodes, self.constants, self.datatypes, self.count = [], [], {}, 0

    def constant(self, array, datatype=None):
        self.count += 1
        name = "c%d" % self.count
        self.constants.append(numpy_helper.from_array(np.asarray(array, np.float32), name))
        if datatype:
            self.datatypes[name] = datatype
        return name

    def node(self, operator, inputs, domain="", **attributes):
        self.count += 1
        name = "v%d" % self.count
        self.nodes.append(helper.make_node(operator, inputs, [name], name=operator + str(self.count),
                                           domain=domain, **attributes))
        return name

    def quant(self, x, scale, bits, signed, narrow=0, zero=0, mode="ROUND"):
        return self.node("Quant", [x, self.constant(scale), self.constant(zero), self.constant(bits)],
                         domain=DOMAIN, signed=signed, narrow=narrow, rounding_mode=mode)

    def norm(self, x, channels):
        signs = self.random.choice([-1, 1, 1], channels)
        parameters = [signs * self.random.uniform(0.5, 2, channels), self.random.normal(size=channels),
                      self.random.normal(size=channels), self.random.uniform(0.5, 4, channels)]
        return self.node("BatchNormalization", [x, *map(self.constant, parameters)])

    def write(self, folder, output):
        x = helper.make_tensor_value_info("x", TensorProto.FLOAT, self.shape)
        y = helper.make_tensor_value_info(output, TensorProto.FLOAT, None)
        graph = helper.make_graph(self.nodes, self.name, [x], [y], self.constants)
        opsets = [helper.make_opsetid("", 13), helper.make_opsetid(DOMAIN, 1)]
        model = ModelWrapper(helper.make_model(graph, opset_imports=opsets, ir_version=8))
        from qonnx.core.datatype import DataType
        for name, datatype in self.datatypes.items():
            model.set_tensor_datatype(name, DataType[datatype])
        model = model.transform(InferShapes())
        lines = []
        for _ in range(CALLS):
            given = self.random.normal(0, 1, self.shape).astype(np.float32)
            if self.datatypes.get("x"):
                given = self.random.integers(0, 16, self.shape).astype(np.float32)
            made = execute_onnx(model, {"x": given})[output].astype(np.float32)
            lines.append(words(given) + "," + words(made))
        model.save(str(folder / (self.name + ".onnx")))
        head = "# made by interop/qonnx/golden.py, qonnx %s (BSD-3-Clause), %s\n" % (
            version("qonnx"), platform.machine())
        (folder / (self.name + ".csv")).write_text(head + "\n".join(lines) + "\n")


def words(array):
    return " ".join(map(str, np.ascontiguousarray(array).reshape(-1).view(np.int32)))


def convolution(name, bits, mode, signed):
    case = Case(name, 7 + bits, (1, 3, 6, 5))
    x = case.quant("x", 0.25, 4, 1)
    weights = case.quant(case.constant(case.random.normal(0, 0.3, (5, 3, 3, 3))), 0.125, 4, 1, 1)
    x = case.node("Conv", [x, weights], kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    x = case.quant(case.norm(x, 5), 0.125, bits, signed, mode=mode)
    weights = case.quant(case.constant(case.random.normal(0, 0.3, (4, 5, 1, 1))), 0.0625, 3, 1)
    return case, case.node("Conv", [x, weights], kernel_shape=[1, 1])


def bipolar():
    case = Case("bipolar", 2, (1, 16))
    one = case.constant(1)
    x = case.node("BipolarQuant", ["x", one], domain=DOMAIN)
    weights = case.node("BipolarQuant", [case.constant(case.random.normal(size=(16, 8))), one],
                        domain=DOMAIN)
    x = case.norm(case.node("MatMul", [x, weights]), 8)
    return case, case.node("BipolarQuant", [x, case.constant(0.5)], domain=DOMAIN)


def thresholds(name, first):
    case = Case(name, 3, (1, 3, 4, 4))
    if first:
        rows = np.sort(case.random.normal(size=(3, 7)), axis=1)
        x = case.node("MultiThreshold", ["x", case.constant(rows)], domain=DOMAIN,
                      out_dtype="INT4", out_bias=-4.0)
    else:
        case.datatypes["x"] = "UINT4"
        x = "x"
    weights = case.constant(case.random.integers(-7, 8, (4, 3, 3, 3)), "INT4")
    x = case.node("Conv", [x, weights], kernel_shape=[3, 3])
    rows = np.sort(case.random.integers(-60, 60, (4, 15)), axis=1)
    x = case.node("MultiThreshold", [x, case.constant(rows, "INT8")], domain=DOMAIN,
                  out_dtype="UINT4", out_scale=0.5)
    rows = np.sort(case.random.integers(0, 16, (1, 3)), axis=1) * 0.5
    return case, case.node("MultiThreshold", [x, case.constant(rows)], domain=DOMAIN,
                           out_dtype="UINT2")


def truncated():
    case = Case("trunc", 4, (1, 12))
    x = case.quant("x", 0.125, 8, 1)
    inputs = [x, *map(case.constant, (0.125, 0, 8, 5))]
    return case, case.node("Trunc", inputs, domain=DOMAIN, rounding_mode="FLOOR")


def shifted():
    case = Case("zero-point", 5, (1, 12))
    x = case.quant("x", 0.125, 5, 0, zero=13, mode="FLOOR")
    weights = case.quant(case.constant(case.random.normal(0, 0.3, (12, 6))), 0.125, 4, 1)
    return case, case.quant(case.node("MatMul", [x, weights]), 0.5, 3, 1, 0, 1)


def channels():
    """A scale and a zero point for each channel of a value that is not constant."""
    case = Case("channel-scales", 6, (1, 3, 4, 4))
    scales, zeros = np.array([0.25, 0.07, 1.5]), np.array([3, 0, 20])
    x = case.quant("x", scales.reshape(1, 3, 1, 1), 4, 0, zero=zeros.reshape(1, 3, 1, 1))
    return case, case.quant(x, scales[::-1].reshape(3, 1, 1), 3, 1, zero=1, mode="CEIL")


def floats(name, seed, activation, weight, scales, mode="ROUND", **attributes):
    """Rounded to floating-point grids: (exponent bits, mantissa bits, bias, largest number)."""
    case = Case(name, seed, (1, 12))

    def rounded(x, scale, grid, **last):
        inputs = [x, *map(case.constant, (scale, *grid))]
        given = {"has_inf": 0, "has_nan": 0, "has_subnormal": 1, "saturation": 1, **last}
        return case.node("FloatQuant", inputs, domain=DOMAIN, rounding_mode=mode, **given)

    weights = rounded(case.constant(case.random.normal(0, 0.3, (12, 1))), scales[1], weight)
    x = rounded("x", scales[0], activation)
    products = case.node("Mul", [x, case.node("Reshape", [weights, shape(case, 1, 12)])])
    # its infinities meet no other FloatQuant, which makes NaN of them
    return case, rounded(products, 1, activation, **attributes)


def shape(case, *dims):
    case.count += 1
    name = "c%d" % case.count
    case.constants.append(numpy_helper.from_array(np.array(dims, np.int64), name))
    return name


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    cases = [convolution("conv-norm", 4, "ROUND", 0), convolution("conv-floor", 3, "FLOOR", 1), bipolar(),
             thresholds("thresholds", False), thresholds("thresholds-of-numbers", True),
             truncated(), shifted(), channels(),
             floats("float-e4m3", 11, (4, 3, 7, 448), (4, 3, 7, 448), (0.02, 0.001)),
             floats("float-e3m2", 12, (3, 2, 3, 28), (2, 1, 1, 6), (0.25, 0.125), mode="FLOOR"),
             floats("float-e3m2-infinite", 13, (3, 2, 5, 0.4375), (4, 3, 8, 240), (3, 1), has_inf=1,
                    saturation=0),
             floats("float-e2m3-channels", 14, (2, 3, 1, 7.5), (3, 4, -2, 1e4),
                    (np.linspace(0.1, 2, 12).reshape(1, 12), np.linspace(0.01, 0.05, 12).reshape(12, 1)))]
    for case, output in cases:
        case.write(folder, output)


if __name__ == "__main__":
    main()
