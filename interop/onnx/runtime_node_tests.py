"""Which of ONNX's node tests ONNX Runtime itself does not pass.

Usage: python runtime_node_tests.py > runtime-node-tests.csv
Made with onnx 1.22.0 (Apache-2.0, its node tests), onnxruntime 1.29.0 and numpy, on a CPU.

Each test runs in ONNX Runtime's CPU provider without optimisations, as the test's own runner
compares: type and shape equal, numbers within rtol 1e-3 and atol 1e-7. A line a test that does not
pass: its name, "refused" (no session, or a run that ends in an error) or "differs", and why.
"""

import csv
import glob
import multiprocessing
import os
import sys

import numpy as np
import onnx
import onnx.backend.test
from onnx import numpy_helper

FOLDER = os.path.join(os.path.dirname(onnx.backend.test.__file__), "data", "node")


def value(path, kind):
    with open(path, "rb") as f:
        data = f.read()
    if kind.HasField("sequence_type"):
        return numpy_helper.to_list(onnx.SequenceProto.FromString(data))
    if kind.HasField("optional_type"):
        return numpy_helper.to_optional(onnx.OptionalProto.FromString(data))
    return numpy_helper.to_array(onnx.TensorProto.FromString(data))


def same(expected, got):
    if expected is None or got is None:
        return expected is None and got is None
    if isinstance(expected, list):
        return len(expected) == len(got) and all(same(e, g) for e, g in zip(expected, got))
    expected, got = np.asarray(expected), np.asarray(got)
    if expected.dtype == object or got.dtype == object:
        return np.array_equal(expected.astype(str), got.astype(str))
    if expected.shape != got.shape or expected.dtype.itemsize != got.dtype.itemsize:
        return False
    if expected.dtype.kind == "V" or expected.dtype.name not in np.sctypeDict:
        return np.array_equal(expected.view(np.uint8), got.view(np.uint8))
    return np.allclose(got, expected, rtol=1e-3, atol=1e-7, equal_nan=True)


def run(name):
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    folder = os.path.join(FOLDER, name)
    try:
        model = onnx.load(os.path.join(folder, "model.onnx"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(
            os.path.join(folder, "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        wanted = [o.name for o in session.get_outputs()]
        for data in sorted(glob.glob(os.path.join(folder, "test_data_set_*"))):
            feed = {}
            for i, info in enumerate(model.graph.input):
                path = os.path.join(data, f"input_{i}.pb")
                if os.path.exists(path):
                    feed[info.name] = value(path, info.type)
            got = session.run(wanted, feed)
            for i, info in enumerate(model.graph.output):
                path = os.path.join(data, f"output_{i}.pb")
                if os.path.exists(path) and not same(value(path, info.type), got[i]):
                    return name, "differs", f"output {info.name}"
        return name, "passes", ""
    except Exception as e:  # the runtime's errors have no common type
        why = str(e).split("\n")[0].replace(FOLDER, "")
        return name, "refused", why[:120]


def main():
    names = sorted(os.listdir(FOLDER))
    with multiprocessing.Pool(1, maxtasksperchild=100) as pool:
        rows = [r for r in pool.imap(run, names) if r[1] != "passes"]
    out = csv.writer(sys.stdout, lineterminator="\n")
    print(f"# {len(names)} node tests of onnx {onnx.__version__}; see runtime_node_tests.py")
    out.writerow(["test", "runtime", "why"])
    out.writerows(rows)


if __name__ == "__main__":
    main()
