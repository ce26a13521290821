"""Makes hosted/src/test/resources/golden/sampled.onnx and sampled.npz: a seeded random network that
ONNX Runtime's static quantiser made QDQ of, with an operator in the middle that Narrows hosts
(GridSample), and what ONNX Runtime makes of 20 inputs without optimisations.

    python sampled.py FOLDER        (onnx 1.22.0, onnxruntime 1.29.0)
"""

import pathlib
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

RANDOM = np.random.default_rng(1)


def network():
    first = RANDOM.standard_normal((8, 3, 3, 3)) * 0.2
    second = RANDOM.standard_normal((10, 8 * 8 * 8)) * 0.05
    grid = np.stack(np.meshgrid(np.linspace(-0.9, 0.9, 8), np.linspace(-0.9, 0.9, 8)), -1)[None]
    arrays = {"w1": first, "b1": RANDOM.standard_normal(8) * 0.1, "w2": second, "b2": np.zeros(10), "grid": grid}
    nodes = [
        helper.make_node("Conv", ["x", "w1", "b1"], ["c"], name="conv", pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node("Relu", ["c"], ["r"], name="relu"),
        helper.make_node("GridSample", ["r", "grid"], ["g"], name="sample"),
        helper.make_node("Flatten", ["g"], ["f"], name="flatten"),
        helper.make_node("Gemm", ["f", "w2", "b2"], ["y"], name="dense", transB=1),
    ]
    graph = helper.make_graph(
        nodes,
        "sampled",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 16, 16])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 10])],
        [numpy_helper.from_array(a.astype(np.float32), name) for name, a in arrays.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


class Calibration(CalibrationDataReader):
    def __init__(self):
        self.left = 20

    def get_next(self):
        self.left -= 1
        return {"x": RANDOM.random((1, 3, 16, 16), dtype=np.float32)} if self.left >= 0 else None


folder = pathlib.Path(sys.argv[1])
with tempfile.TemporaryDirectory() as temporary:
    floats = pathlib.Path(temporary) / "sampled.onnx"
    onnx.save(network(), floats)
    quantize_static(
        floats,
        folder / "sampled.onnx",
        Calibration(),
        quant_format=QuantFormat.QDQ,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )
options = onnxruntime.SessionOptions()
options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
session = onnxruntime.InferenceSession(str(folder / "sampled.onnx"), options)
inputs = RANDOM.random((20, 3, 16, 16), dtype=np.float32)
outputs = np.concatenate([session.run(None, {"x": one[None]})[0] for one in inputs])
labels = outputs.argmax(axis=1)
np.savez_compressed(folder / "sampled.npz", x=inputs, y=labels)
np.save(folder / "sampled.npy", outputs)
