"""Golden tensors of the LiteRT interpreter, by its reference kernels (BUILTIN_REF, not XNNPACK).

Every model gets N seeded inputs; of every tensor that an operator makes the SHA-256 of its bytes is
written, of small outputs the codes too. Inputs are SplitMix64, so that any language can make them.
"""
import argparse
import hashlib
import importlib.metadata
import pathlib

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

NUMBERS = (np.float32, np.int8, np.uint8, np.int16, np.int32, np.int64, np.bool_)
GAMMA = np.uint64(0x9E3779B97F4A7C15)


def codes(seed, count, dtype):
    """The low bits of the first `count` numbers of java.util.SplittableRandom(seed)."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + GAMMA * np.arange(1, count + 1, dtype=np.uint64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        bits = (z ^ (z >> np.uint64(31))).astype(f"u{np.dtype(dtype).itemsize}")
        return bits.view(dtype)


def given(row, dtype):
    """An input of numbers: their low 8 bits signed, of floats times 0.037, or all bits of a code."""
    bits = row.astype(np.uint8).view(np.int8)
    if dtype == np.float32:
        return bits.astype(np.float32) * np.float32(0.037)
    if dtype in (np.int32, np.int64):
        return bits.astype(dtype)
    if dtype == np.bool_:
        return (bits & 1).astype(np.bool_)
    return row.astype(f"u{np.dtype(dtype).itemsize}").view(dtype)


def interpreter(model, kernels):
    return Interpreter(
        str(model), experimental_op_resolver_type=kernels, experimental_preserve_all_tensors=True
    )


def golden(model, inputs, out, raw=False):
    try:
        runtime = interpreter(model, OpResolverType.BUILTIN_REF)
    except ValueError as problem:
        if "Didn't find op" not in str(problem):  # there is no reference kernel of CEIL, ROUND, ELU
            raise
        runtime = interpreter(model, OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    runtime.allocate_tensors()
    sources = runtime.get_input_details()
    shapes = [tuple(source["shape"]) for source in sources]
    numbers = {t["index"] for t in runtime.get_tensor_details() if t["dtype"] in NUMBERS}
    made = [int(t) for op in runtime._get_ops_details() for t in op["outputs"] if t in numbers]
    result = runtime.get_output_details()[0]["index"]
    lines = [
        f"# {model.name}, sha256 {hashlib.sha256(model.read_bytes()).hexdigest()}",
        f"# ai-edge-litert {importlib.metadata.version('ai-edge-litert')} (Apache-2.0),"
        " BUILTIN_REF; interop/litert/golden.py",
        "# input s: low bits of SplittableRandom(s), 8 of them signed times 0.037f for floats; sha256 (first 16 digits) of the bytes in the"
        " file's order; codes of small outputs",
        "input,tensor,sha256,codes",
    ]
    bytes_of = []
    for seed in range(inputs):
        count = int(sum(np.prod(shape) for shape in shapes))
        row = codes(seed, count, np.uint64)
        for source, shape in zip(sources, shapes):  # several are one row
            size = int(np.prod(shape))
            runtime.set_tensor(source["index"], given(row[:size], source["dtype"]).reshape(shape))
            row = row[size:]
        runtime.invoke()
        for tensor in made:
            value = runtime.get_tensor(tensor)
            if value.dtype == np.int64:  # places of extremes, which Narrows has in 32 bits
                value = value.astype(np.int32)
            bytes_of.append(f"{seed},{tensor},{value.dtype},{value.tobytes().hex()}")
            digest = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()[:16]
            small = tensor == result and value.size <= 16 and value.dtype != np.float32
            listed = " ".join(str(int(v)) for v in value.ravel()) if small else ""
            lines.append(f"{seed},{tensor},{digest},{listed}")
    (out / f"{model.stem}.csv").write_text("\n".join(lines) + "\n")
    if raw:
        (out / f"{model.stem}.raw").write_text("\n".join(bytes_of) + "\n")
    print(f"{model.name}: {inputs} inputs, {len(made)} tensors each")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="+", type=pathlib.Path)
    parser.add_argument("--inputs", type=int, default=20)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    for each in arguments.models:
        golden(each, arguments.inputs, arguments.out)
