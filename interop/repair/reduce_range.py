"""Repaired pairs of vpmaddubsw beside what `reduce_range` of quantisers does: weights in 7 bits.

    python reduce_range.py MODEL.tflite REPAIRED.tflite IMAGES_FOLDER NARROWS

Writes MODEL with every convolution's and dense layer's weights rounded anew to 7 bits as ONNX
Runtime's quantiser does (0 .. 127 with a zero point, or -63 .. 63 where the file's have none), so
that two products of 8-bit activations fit 16 bits, runs the three files on the same images and prints how often the largest output is where the
original's is. Needs numpy and ai-edge-litert (whose schema reads and writes the file).
"""

import pathlib
import subprocess
import sys
import tempfile

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

SUMMING = {schema.BuiltinOperator.CONV_2D, schema.BuiltinOperator.DEPTHWISE_CONV_2D,
           schema.BuiltinOperator.FULLY_CONNECTED}


def reduced(model):
    """The same file with weights in 7 bits, their scales and biases to match."""
    graph = model.subgraphs[0]
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        if max(code.builtinCode, code.deprecatedBuiltinCode) not in SUMMING:
            continue
        weights, bias = (graph.tensors[i] for i in operator.inputs[1:3])
        kind = np.uint8 if weights.type == schema.TensorType.UINT8 else np.int8
        stored = np.frombuffer(bytes(model.buffers[weights.buffer].data), kind)
        stored = stored.astype(np.int64).reshape(weights.shape)
        scales, zeros = np.array(weights.quantization.scale), np.array(weights.quantization.zeroPoint)
        axis = weights.quantization.quantizedDimension if len(scales) > 1 else None
        shape = [1] * stored.ndim
        if axis is not None:
            shape[axis] = -1
        codes = stored - zeros.reshape(shape)
        others = tuple(i for i in range(stored.ndim) if i != axis)
        many = others if axis is not None else None
        if kind is np.uint8:  # 0 .. 127 over the range of the weights, with a zero point
            low, high = np.minimum(0, codes.min(axis=many)), np.maximum(0, codes.max(axis=many))
            factors = np.atleast_1d((high - low) / 127)
            zeros = np.round(-np.atleast_1d(low) / factors).astype(np.int64)
        else:  # -63 .. 63 of the largest magnitude
            factors = np.atleast_1d(np.maximum(1, np.abs(codes).max(axis=many) / 63))
        codes = np.round(codes / factors.reshape(shape)).astype(np.int64)
        model.buffers[weights.buffer].data = (codes + zeros.reshape(shape)).astype(kind).view(np.uint8).ravel()
        weights.quantization.scale = (scales * factors).astype(np.float32)
        weights.quantization.zeroPoint = zeros
        sums = np.frombuffer(bytes(model.buffers[bias.buffer].data), np.int32)
        model.buffers[bias.buffer].data = np.round(sums / factors).astype(np.int32).view(np.uint8)
        bias.quantization.scale = (np.array(bias.quantization.scale) * factors).astype(np.float32)
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def classes(narrows, model, images, folder):
    subprocess.run([narrows, "run", str(model), "--input", images, "--resize", "128x128", "--out", str(folder)],
                   check=True, stdout=subprocess.DEVNULL)
    made = [f for f in folder.iterdir() if f.suffix == ".npy"]
    scores = np.load(made[0])
    return scores.reshape(len(scores), -1).argmax(axis=1)


def main():
    model, repaired, images, narrows = sys.argv[1:]
    with tempfile.TemporaryDirectory() as temporary:
        temporary = pathlib.Path(temporary)
        seven = temporary / "seven.tflite"
        seven.write_bytes(reduced(schema.ModelT.InitFromPackedBuf(pathlib.Path(model).read_bytes(), 0)))
        found = {name: classes(narrows, file, images, temporary / name)
                 for name, file in (("original", model), ("reduce_range", seven), ("repaired", repaired))}
    for name in ("reduce_range", "repaired"):
        same = int((found[name] == found["original"]).sum())
        print(f"{name}: {same} of {len(found[name])} as the original")


if __name__ == "__main__":
    main()
