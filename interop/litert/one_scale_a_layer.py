"""Gives every convolution of a TFLite file one weight scale instead of one a channel.

python one_scale_a_layer.py IN.tflite OUT.tflite

A layer's scale S is the least at which its largest weight still fits 8 bits; q becomes round(q * s / S),
the bias likewise. Bytes are replaced in place, so each array must be found once in the file (weight and
bias scales twice where the input's scale is 1).
"""

import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter


def replaced(data, old, new, times):
    old, new = old.tobytes(), new.tobytes()
    if len(old) != len(new) or data.count(old) != times:
        sys.exit(f"expected an array {times} times in the file, found it {data.count(old)} times")
    return data.replace(old, new)


def main():
    source, target = sys.argv[1:]
    with open(source, "rb") as file:
        data = file.read()
    model = Interpreter(source)
    model.allocate_tensors()
    details = {tensor["index"]: tensor for tensor in model.get_tensor_details()}

    def scales(tensor):
        return details[tensor]["quantization_parameters"]["scales"]

    for operator in model._get_ops_details():
        if operator["op_name"] != "CONV_2D":
            continue
        image, weights, bias = operator["inputs"]
        codes, biases = model.get_tensor(weights), model.get_tensor(bias)
        each = scales(weights).astype(np.float64)
        reals = codes * each.reshape([-1] + [1] * (codes.ndim - 1))
        one = np.float32(np.abs(reals).max() / 127)
        unit = np.float32(details[image]["quantization"][0] * float(one))
        same = np.array_equal(scales(bias), scales(weights))
        data = replaced(data, codes, np.rint(reals / float(one)).astype(np.int8), 1)
        data = replaced(data, biases, np.rint(biases * each / float(one)).astype(np.int32), 1)
        data = replaced(data, scales(weights), np.full(len(each), one, np.float32), 1 + same)
        if not same:
            data = replaced(data, scales(bias), np.full(len(each), unit, np.float32), 1)
    with open(target, "wb") as file:
        file.write(data)


main()
