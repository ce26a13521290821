"""One model of many nodes that read constants only, with what each must make: fold.onnx.

Usage: python fold_golden.py OUT.onnx
Made with onnx 1.22.0 (Apache-2.0) and numpy from ONNX's own node tests: the inputs of each test
become initializers, its outputs initializers too, named "expected/" and the output's name.
"""

import glob
import os
import sys

import onnx
import onnx.backend.test
from onnx import helper

FOLDER = os.path.join(os.path.dirname(onnx.backend.test.__file__), "data", "node")
OPERATORS = set(
    """Abs Add And Cast CastLike Ceil Clip Concat Constant ConstantOfShape Cos DequantizeLinear Div
    Equal Exp Expand Flatten Floor Gather GatherElements GatherND Greater GreaterOrEqual Identity
    Less LessOrEqual Log Max Min Mod Mul Neg NonZero Not Or Pad Pow QuantizeLinear Range Reciprocal
    ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum Relu Reshape Round ScatterElements ScatterND
    Shape Sign Sin Size Slice Split Sqrt Squeeze Sub Sum Tanh Tile Transpose Trilu Unsqueeze Where
    Xor""".split()
)
MOST = 64  # elements of an array
EACH = 14  # tests of one operator


def tensor(path, name):
    with open(path, "rb") as f:
        t = onnx.TensorProto.FromString(f.read())
    t.name = name
    return t


def elements(t):
    n = 1
    for d in t.dims:
        n *= d
    return n


def main():
    nodes, initializers, counts = [], [], {}
    for name in sorted(os.listdir(FOLDER)):
        folder = os.path.join(FOLDER, name)
        model = onnx.load(os.path.join(folder, "model.onnx"))
        graph = model.graph
        if len(graph.node) != 1 or graph.node[0].op_type not in OPERATORS or graph.initializer:
            continue
        node = graph.node[0]
        data = os.path.join(folder, "test_data_set_0")
        own = []
        for i, info in enumerate(graph.input):
            path = os.path.join(data, f"input_{i}.pb")
            if info.type.HasField("tensor_type") and os.path.exists(path):
                own.append(tensor(path, f"{name}/{info.name}"))
        for i, info in enumerate(graph.output):
            path = os.path.join(data, f"output_{i}.pb")
            if info.type.HasField("tensor_type") and os.path.exists(path):
                own.append(tensor(path, f"expected/{name}/{info.name}"))
        if len(own) != len(graph.input) + len(graph.output) or any(elements(t) > MOST for t in own):
            continue
        counts[node.op_type] = counts.get(node.op_type, 0) + 1
        if counts[node.op_type] > EACH:
            continue
        made = onnx.NodeProto()
        made.CopyFrom(node)
        made.name = name
        made.doc_string = ""
        made.input[:] = [f"{name}/{i}" if i else "" for i in node.input]
        made.output[:] = [f"{name}/{o}" if o else "" for o in node.output]
        nodes.append(made)
        initializers += own
    graph = helper.make_graph(nodes, "fold", [], [], initializers)
    out = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 26)])
    out.producer_name = f"interop/onnx/fold_golden.py, onnx {onnx.__version__} (Apache-2.0)"
    out.graph.output.extend(
        helper.make_tensor_value_info(o, onnx.TensorProto.UNDEFINED, None)
        for n in nodes[-1:]
        for o in n.output
    )
    with open(sys.argv[1], "wb") as f:
        f.write(out.SerializeToString())
    print(len(nodes), "nodes", out.ByteSize(), "bytes")


if __name__ == "__main__":
    main()
