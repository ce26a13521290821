"""Small quantised ONNX files and what ONNX Runtime computes of them.

    venv/bin/python interop/onnxruntime/golden.py network/src/test/resources/golden/onnxruntime

Writes NAME.onnx and NAME.csv for each case below: seeded random codes, scales and weights; a line
is one call: the input's elements, then the first output's, numbers as the bits of binary32. The
runtime is at its `extended` level, where a QDQ graph runs in integer kernels. Cases that sum numbers
go to the folder beside, NAME-near: another order of summation gives other last bits.
"""

import pathlib
import platform
import sys

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

CALLS = 12
TYPES = {np.dtype(np.float32): TensorProto.FLOAT, np.dtype(np.uint8): TensorProto.UINT8,
         np.dtype(np.int8): TensorProto.INT8, np.dtype(np.int32): TensorProto.INT32}


class Case:
    """A graph under construction; the first input is x."""

    def __init__(self, name, seed):
        self.name, self.random = name, np.random.default_rng(seed)
        self.nodes, self.constants, self.count = [], [], 0
        self.opset, self.level = 13, ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED

    def constant(self, array):
        self.count += 1
        name = "c%d" % self.count
        self.constants.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def scale(self, low=-5, high=-1):
        return self.constant(np.float32(np.exp(self.random.uniform(low, high))))

    def scales(self, count):
        return self.constant(np.exp(self.random.uniform(-5, -2, count)).astype(np.float32))

    def zero(self, dtype):
        info = np.iinfo(dtype)
        return self.constant(np.array(self.random.integers(info.min, info.max + 1), dtype))

    def codes(self, *shape, dtype=np.int8):
        info = np.iinfo(dtype)
        return self.constant(self.random.integers(info.min, info.max + 1, shape).astype(dtype))

    def node(self, operator, inputs, domain="", outputs=1, **attributes):
        self.count += 1
        names = ["v%d" % self.count] + ["v%d.%d" % (self.count, i) for i in range(1, outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, name=operator + str(self.count),
                                           domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def dequantized(self, codes, scale, zero, **attributes):
        return self.node("DequantizeLinear", [codes, scale, zero], **attributes)

    def quantized(self, numbers, scale, zero):
        return self.node("QuantizeLinear", [numbers, scale, zero])

    def microsoft(self, operator, inputs, **attributes):
        return self.node(operator, inputs, domain="com.microsoft", **attributes)

    def write(self, folder, output, shape, dtype):
        dtype = np.dtype(dtype)
        x = helper.make_tensor_value_info("x", TYPES[dtype], shape)
        graph = helper.make_graph(self.nodes, self.name, [x],
                                  [onnx.ValueInfoProto(name=output)], self.constants)
        model = helper.make_model(graph, ir_version=8, opset_imports=[
            helper.make_opsetid("", self.opset), helper.make_opsetid("com.microsoft", 1)])
        model.ir_version = 8 if self.opset < 19 else 10
        options = ort.SessionOptions()
        options.graph_optimization_level = self.level
        session = ort.InferenceSession(model.SerializeToString(), options)
        lines = []
        for _ in range(CALLS):
            if dtype == np.float32:
                given = self.random.normal(0, 2, shape).astype(np.float32)
            else:
                info = np.iinfo(dtype)
                given = self.random.integers(info.min, info.max + 1, shape).astype(dtype)
            (made,) = session.run(None, {"x": given})
            lines.append(" ".join(map(str, words(given))) + "," + " ".join(map(str, words(made))))
        info = helper.make_tensor_value_info(output, TYPES[made.dtype], made.shape)
        del graph.output[:]
        model.graph.output[0].CopyFrom(info)
        onnx.checker.check_model(model)
        onnx.save(model, folder / (self.name + ".onnx"))
        head = "# made by interop/onnxruntime/golden.py, onnxruntime %s (MIT), %s\n" % (
            ort.__version__, platform.machine())
        (folder / (self.name + ".csv")).write_text(head + "\n".join(lines) + "\n")


def words(array):
    flat = np.ascontiguousarray(array).reshape(-1)
    return flat.view(np.int32) if flat.dtype == np.float32 else flat.astype(np.int64)


def convolution(name, seed, channels, signed, **attributes):
    case, groups = Case(name, seed), attributes.get("group", 1)
    kind = np.int8 if signed else np.uint8
    out = 6
    scales = case.scales(out) if channels else case.scale()
    zeros = case.constant(np.zeros(out, np.int8)) if channels else case.zero(np.int8)
    bias = case.constant(case.random.integers(-3000, 3000, out).astype(np.int32))
    made = case.node("QLinearConv", [
        "x", case.scale(), case.zero(kind), case.codes(out, 4 // groups, 3, 3), scales, zeros,
        case.scale(0, 2), case.zero(kind), bias], **attributes)
    return case, made, (1, 4, 6, 5), kind


def product(name, seed, shape, weights, kind):
    case = Case(name, seed)
    columns = weights[-1]
    made = case.node("QLinearMatMul", [
        "x", case.scale(), case.zero(kind), case.codes(*weights), case.scales(columns),
        case.constant(np.zeros(columns, np.int8)), case.scale(0, 2), case.zero(kind)])
    return case, made, shape, kind


def two_operands(name, seed, operator, shape):
    case = Case(name, seed)
    left, right = np.array([0, 3]), np.array([3, 6])
    parts = []
    for ends in (left, right):
        starts, stops, axes = (case.constant(np.array([v], np.int64)) for v in (*ends, 1))
        parts.append(case.node("Slice", ["x", starts, stops, axes]))
    a, az, b, bz = case.scale(), case.zero(np.uint8), case.scale(), case.zero(np.uint8)
    c, cz = case.scale(-3, 0), case.zero(np.uint8)
    if operator == "QLinearConcat":
        made = case.microsoft(operator, [c, cz, parts[0], a, az, parts[1], b, bz], axis=1)
    else:
        made = case.microsoft(operator, [parts[0], a, az, parts[1], b, bz, c, cz])
    return case, made, shape, np.uint8


def pool(name, seed, last):
    case = Case(name, seed)
    made = case.microsoft("QLinearGlobalAveragePool", [
        "x", case.scale(), case.zero(np.uint8), case.scale(-5, -2), case.zero(np.uint8)],
        channels_last=int(last))
    return case, made, (1, 5, 4, 3), np.uint8


def gemm(name, seed, quantized):
    case = Case(name, seed)
    bias = case.constant(case.random.integers(-900, 900, 4).astype(np.int32))
    inputs = ["x", case.scale(), case.zero(np.uint8), case.codes(4, 7), case.scales(4),
              case.constant(np.zeros(4, np.int8)), bias]
    if quantized:
        inputs += [case.scale(-1, 1), case.zero(np.uint8)]
    return case, case.microsoft("QGemm", inputs, transB=1, alpha=0.5), (2, 7), np.uint8


def sums(name, seed, convolve):
    case = Case(name, seed)
    if convolve:
        made = case.node("ConvInteger", ["x", case.codes(3, 2, 3, 3, dtype=np.uint8),
                                         case.zero(np.uint8), case.zero(np.uint8)],
                         pads=[1, 0, 1, 2], strides=[1, 2])
        return case, made, (2, 2, 5, 6), np.uint8
    made = case.node("MatMulInteger", ["x", case.codes(6, 3), case.zero(np.uint8),
                                       case.zero(np.int8)])
    return case, made, (2, 4, 6), np.uint8


def dynamic(name, seed, fused):
    case = Case(name, seed)
    weights, scale, zero = case.codes(6, 5), case.scale(), case.zero(np.int8)
    if fused:
        bias = case.constant(case.random.normal(size=5).astype(np.float32))
        made = case.microsoft("DynamicQuantizeMatMul", ["x", weights, scale, zero, bias])
        return case, made, (3, 6), np.float32
    codes, step, point = case.node("DynamicQuantizeLinear", ["x"], outputs=3)
    sums = case.node("MatMulInteger", [codes, weights, point, zero])
    numbers = case.node("Cast", [sums], to=TensorProto.FLOAT)
    made = case.node("Mul", [numbers, case.node("Mul", [step, scale])])
    return case, made, (3, 6), np.float32


def of_each(name, seed, operator, **attributes):
    case = Case(name, seed)
    made = case.microsoft(operator, ["x", case.scale(-4, -2), case.zero(np.int8),
                                     case.constant(np.float32(1 / 64)), case.zero(np.int8)],
                          **attributes)
    return case, made, (1, 2, 6, 8), np.int8


def blocks(name, seed, bits, zeros):
    case, terms, columns, block = Case(name, seed), 40, 6, 16
    count = -(-terms // block)
    stored = case.codes(columns, count, block * bits // 8, dtype=np.uint8)
    inputs = ["x", stored, case.scales(columns * count)]
    if zeros:
        inputs.append(case.codes(columns * -(-count * bits // 8), dtype=np.uint8))
    made = case.microsoft("MatMulNBits", inputs, K=terms, N=columns, bits=bits, block_size=block)
    return case, made, (2, terms), np.float32


def block_codes(name, seed, bits, block):
    """Activations of 8 bits, a scale a block."""
    case, terms, columns = Case(name, seed), 40, 6
    count = -(-terms // block)
    made = case.microsoft("MatMulNBits", [
        "x", case.codes(columns, count, block * bits // 8, dtype=np.uint8),
        case.scales(columns * count), case.codes(columns * -(-count * bits // 8), dtype=np.uint8)],
        K=terms, N=columns, bits=bits, block_size=block, accuracy_level=4)
    return case, made, (1, 2, terms), np.float32


def numbers(case, *shape):
    return case.constant((case.random.normal(size=shape) / 2).astype(np.float32))


def attention(name, seed, kind, **attributes):
    """Of com.microsoft: 5 places of 8 numbers, in 2 heads."""
    case, size = Case(name, seed), 8
    mask = case.constant(np.array([[1, 1, 1, 0, 1]], np.int32))
    if kind == "Attention":
        past = case.constant(case.random.normal(size=(2, 1, 2, 3, 4)).astype(np.float32))
        rest = ["", past] if "unidirectional" in attributes else [mask, ""]
        made = case.microsoft(kind, ["x", numbers(case, size, 3 * size), numbers(case, 3 * size),
                                     *rest], outputs=2, num_heads=2, **attributes)[0]
    elif kind == "QAttention":
        made = case.microsoft(kind, [
            "x", case.codes(size, 3 * size), numbers(case, 3 * size), case.scale(),
            case.scales(3 * size), mask, case.zero(np.uint8),
            case.constant(np.zeros(3 * size, np.int8))], num_heads=2, **attributes)
        return case, made, (1, 5, size), np.uint8
    elif kind == "MultiHeadAttention":
        made = case.microsoft(kind, ["x", numbers(case, 1, 6, size), numbers(case, 1, 6, size),
                                     numbers(case, 3 * size)], num_heads=2, **attributes)
    else:
        shared = [numbers(case, 1, 5, 32), numbers(case, 1, 5, 32), numbers(case, 1, 2, 3, 16),
                  numbers(case, 1, 2, 3, 16), case.constant(np.array([7], np.int32)),
                  case.constant(np.array(8, np.int32)), numbers(case, 12, 8), numbers(case, 12, 8)]
        made = case.microsoft(kind, ["x", *shared], outputs=3, num_heads=4, kv_num_heads=2,
                              do_rotary=1, **attributes)[0]
        return case, made, (1, 5, 64), np.float32
    return case, made, (1, 5, size), np.float32


def fused_product(name, seed):
    case = Case(name, seed)
    made = case.microsoft("FusedMatMul", ["x", numbers(case, 5, 6)], transB=1, alpha=0.25)
    return case, case.microsoft("FusedMatMul", [made, "x"], transA=1), (1, 4, 6), np.float32


def branch(makes, nodes, constants=()):
    return helper.make_graph(nodes, makes, [], [onnx.ValueInfoProto(name=makes)], constants)


def known_branches(name, seed):
    """Ifs, one in the other, whose condition the shape decides; names inside hide those outside."""
    case = Case(name, seed)
    rows = case.node("Gather", [case.node("Shape", ["x"]), case.constant(np.array(1))])
    four = case.node("Equal", [rows, case.constant(np.array(4))])
    half = case.node("Mul", ["x", case.constant(np.float32(0.5))])
    weights = numbers(case, 6, 3)
    inside = branch("v", [helper.make_node("MatMul", ["w", weights], ["v"], name="product")])
    other = branch("n", [helper.make_node("Neg", ["w"], ["n"])])
    then = branch("y", [
        helper.make_node("Add", [half, "c9"], ["w"]),
        helper.make_node("If", [four], ["y"], name="inner", then_branch=inside, else_branch=other)],
        [numpy_helper.from_array(np.float32(0.75), "c9")])
    otherwise = branch("z", [helper.make_node("Identity", [half], ["z"])])
    made = case.node("If", [four], then_branch=then, else_branch=otherwise)
    return case, case.node("Relu", [made]), (1, 4, 6), np.float32


def eight_bit_floats(name, seed, kind):
    """Numbers and weights of 8 bits around a product."""
    case = Case(name, seed)
    case.opset, case.level = 21, ort.GraphOptimizationLevel.ORT_DISABLE_ALL  # others fail
    none = case.constant(np.array(0, np.float32))
    case.constants[-1].CopyFrom(helper.make_tensor(none, kind, [], [0]))
    scale = case.constant(np.float32(0.01))
    codes = case.node("QuantizeLinear", ["x", scale, none])
    x = case.node("DequantizeLinear", [codes, scale, none])
    weights = case.constant(np.zeros((8, 5), np.float32))
    stored = case.random.normal(size=40) * 30
    case.constants[-1].CopyFrom(helper.make_tensor(weights, kind, [8, 5], stored))
    w = case.node("DequantizeLinear", [weights, case.scales(5)], axis=1)
    return case, case.node("MatMul", [x, w]), (1, 3, 8), np.float32


def channels_last(name, seed):
    case = Case(name, seed)
    made = case.microsoft("QLinearConv", [
        "x", case.scale(), case.zero(np.uint8), case.codes(6, 4, 3, 3), case.scales(6),
        case.constant(np.zeros(6, np.int8)), case.scale(0, 2), case.zero(np.uint8)],
        channels_last=1, pads=[1, 0, 1, 1], kernel_shape=[3, 3], strides=[2, 1])
    return case, made, (1, 6, 5, 4), np.uint8


def scaled_sums(name, seed):
    case = Case(name, seed)
    bias = case.constant(case.random.normal(size=5).astype(np.float32))
    made = case.microsoft("MatMulIntegerToFloat", [
        "x", case.codes(6, 5), case.scale(), case.scale(), case.zero(np.uint8),
        case.zero(np.int8), bias])
    return case, made, (3, 6), np.uint8


def softmax(name, seed, kind, version, axis):
    case = Case(name, seed)
    made = case.microsoft("QLinearSoftmax", [
        "x", case.scale(-4, -2), case.zero(kind), case.constant(np.float32(1 / 255)),
        case.constant(np.array(np.iinfo(kind).min, kind))], axis=axis, opset=version)
    return case, made, (1, 3, 4, 5), kind


def average_pool(name, seed, kind, **attributes):
    case = Case(name, seed)
    scale = case.scale(-4, -2)
    made = case.microsoft("QLinearAveragePool", [
        "x", scale, case.zero(kind), scale, case.zero(kind)], kernel_shape=[3, 2], **attributes)
    return case, made, (1, 3, 6, 5), kind


def unet(name, seed, kind):
    """Quantised with one scale throughout: convolve, halve, back to the size, join, convolve."""
    case = Case(name, seed)
    dtype, count = np.dtype(kind), 3
    middle = int(np.iinfo(dtype).max) // 2 - (64 if dtype == np.int8 else 0)
    points = [case.constant(np.array(middle + i * 7, dtype)) for i in range(count)]
    scales = [case.constant(np.float32(0.02 + 0.01 * i)) for i in range(count)]

    def again(numbers, which=0):
        scale, point = scales[which], points[which]
        return case.dequantized(case.quantized(numbers, scale, point), scale, point)

    def weights(*dims):
        each = case.constant(np.float32(0.004))
        none = case.constant(np.array(0, np.int8))
        return case.dequantized(case.codes(*dims), each, none)

    twice = case.constant(np.array([1, 1, 2, 2], np.float32))
    x = again("x")
    wide = again(case.node("LeakyRelu", [again(case.node("Conv", [x, weights(4, 2, 3, 3)], pads=[1] * 4))],
                           alpha=0.1), 1)
    low = again(case.node("AveragePool", [wide], kernel_shape=[2, 2], strides=[2, 2]), 1)
    low = again(case.node("HardSigmoid", [again(case.node("Conv", [low, weights(4, 4, 1, 1)]), 2)]), 2)
    for mode in ("linear", "cubic"):
        high = again(case.node("Resize", [low, "", twice], mode=mode), 1)
        wide = again(case.node("Concat", [high, wide], axis=1), 1)
    made = again(case.node("Conv", [wide, weights(2, 12, 1, 1)]), 2)
    made = again(case.node("AveragePool", [made], kernel_shape=[3, 3], pads=[1] * 4), 2)
    return case, case.quantized(case.node("Softmax", [made], axis=1),
                                case.constant(np.float32(1 / 255)),
                                case.constant(np.array(np.iinfo(dtype).min, dtype))), (1, 2, 8, 8), np.float32


def around(name, seed, operator):
    """Numbers quantised, dequantised around one operator, and quantised again."""
    case = Case(name, seed)
    scale, zero = case.constant(np.float32(0.04)), case.constant(np.array(128, np.uint8))
    x = case.dequantized(case.quantized("x", scale, zero), scale, zero)
    after, middle = case.constant(np.float32(0.11)), case.constant(np.array(96, np.uint8))
    shape = (1, 4, 6, 5)

    def weights(*dims):
        count = dims[0]
        each = case.scales(count)
        none = case.constant(np.zeros(count, np.int8))
        values = numpy_helper.to_array(case.constants[-2]) * np.float32(0.04)
        bias = case.constant(case.random.integers(-500, 500, count).astype(np.int32))
        units = case.constant(values)
        nothing = case.constant(np.zeros(count, np.int32))
        return (case.dequantized(case.codes(*dims), each, none, axis=0),
                case.dequantized(bias, units, nothing, axis=0))

    if operator == "Conv":
        made = case.node("Conv", [x, *weights(6, 4, 3, 3)], pads=[1, 1, 1, 1])
    elif operator == "ConvRelu":
        made = case.node("Relu", [case.node("Conv", [x, *weights(6, 4, 3, 3)], strides=[2, 2])])
        middle = case.constant(np.array(0, np.uint8))
    elif operator == "MaxPool":
        made = case.node("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2])
        after, middle = scale, zero
    elif operator in ("Add", "Mul"):
        again = case.constant(np.float32(0.07))
        y = case.dequantized(case.quantized("x", again, middle), again, middle)
        made = case.node(operator, [x, y])
    elif operator in ("AddConstant", "MulConstant"):
        again, codes = case.constant(np.float32(0.07)), case.codes(1, 4, 1, 1, dtype=np.uint8)
        made = case.node(operator[:3], [x, case.dequantized(codes, again, middle)])
    elif operator == "Pad":
        pads = case.constant(np.array([0, 0, 1, 0, 0, 0, 0, 2], np.int64))
        made = case.node(operator, [x, pads, case.constant(np.float32(0.3))])
    elif operator == "AveragePool":
        made = case.node(operator, [x], kernel_shape=[2, 2])
        after = scale
    elif operator == "Softmax":
        made = case.node(operator, [x], axis=2)
        after, middle = case.constant(np.float32(1 / 255)), case.constant(np.array(0, np.uint8))
    elif operator == "GlobalAveragePool":
        made = case.node(operator, [x])
        after = case.constant(np.float32(0.013))
    elif operator == "Transpose":
        made = case.node("Transpose", [x], perm=[0, 2, 3, 1])
        after, middle = scale, zero
    else:
        flat = case.node("Flatten", [x])
        made = case.node("Gemm", [flat, *weights(3, 120)], transB=1)
    return case, case.quantized(made, after, middle), shape, np.float32


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    cases = [
        convolution("qlinear-conv", 1, False, False, pads=[1, 1, 1, 1]),
        convolution("qlinear-conv-channels", 2, True, False, strides=[2, 1], pads=[0, 1, 2, 0]),
        convolution("qlinear-conv-groups", 3, True, False, group=2, dilations=[1, 2]),
        convolution("qlinear-conv-signed", 4, False, True, auto_pad="SAME_UPPER"),
        product("qlinear-matmul", 5, (2, 6), (6, 3), np.uint8),
        product("qlinear-matmul-batches", 6, (2, 3, 6), (6, 4), np.int8),
        two_operands("qlinear-add", 7, "QLinearAdd", (1, 6, 3, 3)),
        two_operands("qlinear-mul", 8, "QLinearMul", (1, 6, 3, 3)),
        two_operands("qlinear-concat", 9, "QLinearConcat", (1, 6, 3, 3)),
        pool("qlinear-pool", 10, False),
        pool("qlinear-pool-last", 11, True),
        gemm("qgemm", 12, True),
        gemm("qgemm-numbers", 13, False),
        sums("conv-integer", 14, True),
        sums("matmul-integer", 15, False),
        dynamic("dynamic", 16, False),
        dynamic("dynamic-matmul", 17, True),
        scaled_sums("matmul-integer-to-float", 18),
        of_each("qlinear-leaky-relu", 40, "QLinearLeakyRelu", alpha=0.2),
        of_each("qlinear-sigmoid", 41, "QLinearSigmoid"),
        of_each("qlinear-average-pool", 42, "QLinearAveragePool", kernel_shape=[2, 3],
                strides=[2, 1]),
    ]
    cases += [around("qdq-" + operator.lower(), 20 + i, operator) for i, operator in enumerate(
        ["Conv", "ConvRelu", "MaxPool", "Add", "Mul", "GlobalAveragePool", "Transpose", "Gemm",
         "AddConstant", "MulConstant", "Pad", "AveragePool", "Softmax"])]
    cases += [
        softmax("qlinear-softmax", 43, np.uint8, 13, -1),
        softmax("qlinear-softmax-flat", 44, np.uint8, 11, 2),
        softmax("qlinear-softmax-signed", 45, np.int8, 13, 1),
        average_pool("qlinear-average-pool-pads", 46, np.uint8, pads=[1, 0, 1, 1]),
        average_pool("qlinear-average-pool-counted", 47, np.int8, pads=[1, 1, 0, 1],
                     count_include_pad=1),
        average_pool("qlinear-average-pool-last", 48, np.uint8, channels_last=1, strides=[2, 1]),
        channels_last("qlinear-conv-last", 49),
        unet("unet", 50, np.uint8),
        unet("unet-signed", 51, np.int8),
    ]
    for case, made, shape, dtype in cases:
        case.write(folder, made, shape, dtype)
    near = folder.with_name(folder.name + "-near")
    near.mkdir(exist_ok=True)
    for case, made, shape, dtype in [
            blocks("matmul-4-bits", 1, 4, True),
            blocks("matmul-8-bits", 3, 8, False),
            block_codes("matmul-4-bits-codes", 4, 4, 16),
            block_codes("matmul-8-bits-codes", 5, 8, 32),
            attention("attention", 6, "Attention"),
            attention("attention-past", 7, "Attention", unidirectional=1, scale=0.4),
            attention("attention-codes", 8, "QAttention", unidirectional=1),
            attention("attention-heads", 9, "MultiHeadAttention"),
            attention("attention-groups", 10, "GroupQueryAttention", local_window_size=4),
            attention("attention-groups-pairs", 11, "GroupQueryAttention", rotary_interleaved=1,
                      softcap=3.0),
            fused_product("fused-matmul", 12),
            known_branches("known-branches", 13),
            eight_bit_floats("float8", 14, TensorProto.FLOAT8E4M3FN),
            eight_bit_floats("float8-wide", 15, TensorProto.FLOAT8E5M2)]:
        case.write(near, made, shape, dtype)


if __name__ == "__main__":
    main()
