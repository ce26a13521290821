"""Other programs for `./narrows bench`, which starts this script, asks it for a measurement in turns with its own
kernels, and ends it by closing its input.

    peers.py dots FOLDER THREADS     the same dot products: weights.npy, inputs.npy and what Narrows makes of them
    peers.py model FILE THREADS      the same network file: seconds of one image

Everything is one line of JSON. The first says what is there ("peers") and what is not ("missing"); after that every
line of input names a peer and is answered with the nanoseconds of one call. A peer that is slow is given fewer rows and
columns, which "macs" tells.
"""

import ctypes
import glob
import json
import os
import sys
import time

import numpy


class Peers:
    """Those that could be set up, and why the others could not."""

    def __init__(self):
        self.calls, self.told, self.missing = {}, [], []

    def attempt(self, name, build):
        """`build` yields (peer, what, same, macs, call)."""
        try:
            for peer, what, same, macs, call in build():
                call()
                key = f"{len(self.told)}"
                self.calls[key] = call
                self.told.append({"key": key, "peer": peer, "what": what, "same": same, "macs": macs})
        except (ImportError, FileNotFoundError) as error:
            why = str(error).splitlines()[0]
            self.missing.append({"name": name, "why": f"not installed ({why})"})
        except Exception as error:  # a peer that fails is reported; the others are still measured
            self.missing.append({"name": name, "why": f"{type(error).__name__}: {error}".splitlines()[0]})

    def serve(self):
        print(json.dumps({"peers": self.told, "missing": self.missing}), flush=True)
        for line in sys.stdin:
            call = self.calls[line.strip()]
            start = time.perf_counter_ns()
            call()
            print(time.perf_counter_ns() - start, flush=True)


def verdict(mine, theirs):
    return "same" if numpy.array_equal(mine, theirs) else "differ"


def dots(folder, threads):
    def read(name):
        return numpy.load(os.path.join(folder, name))

    weights, inputs = read("weights.npy"), read("inputs.npy")  # int32 [channels][K], [K][columns]
    exact, clipped = read("exact.npy"), read("int16_saturate.npy")  # of the first rows and columns
    macs = weights.shape[0] * inputs.size
    few = weights[: clipped.shape[0]], inputs[:, : clipped.shape[1]]
    few_macs = few[0].shape[0] * few[1].size
    rows, columns = clipped.shape
    floats = numpy.ascontiguousarray(weights, numpy.float32), numpy.ascontiguousarray(inputs, numpy.float32)
    peers = Peers()

    def onednn():
        found = glob.glob(os.path.join(sys.prefix, "lib", "libdnnl.so*"))
        if not found:
            raise FileNotFoundError("no libdnnl.so in this Python's lib: pip install onednn-cpu-gomp")
        library = ctypes.CDLL(sorted(found)[0])

        class Version(ctypes.Structure):
            _fields_ = [("major", ctypes.c_int), ("minor", ctypes.c_int), ("patch", ctypes.c_int)]

        library.dnnl_version.restype = ctypes.POINTER(Version)
        version = library.dnnl_version().contents
        sgemm = library.dnnl_sgemm
        size, pointer = ctypes.c_int64, ctypes.c_void_p
        sgemm.argtypes = [ctypes.c_char, ctypes.c_char, size, size, size, ctypes.c_float, pointer, size, pointer, size]
        sgemm.argtypes += [ctypes.c_float, pointer, size]
        m, k, n = weights.shape[0], weights.shape[1], inputs.shape[1]
        out = numpy.zeros((m, n), numpy.float32)

        def call():
            status = sgemm(
                b"N", b"N", m, n, k, 1.0, floats[0].ctypes.data, k, floats[1].ctypes.data, n, 0.0, out.ctypes.data, n
            )
            if status:
                raise RuntimeError(f"dnnl_sgemm answered {status}")

        call()
        name = f"oneDNN {version.major}.{version.minor}.{version.patch}"
        yield name, "sgemm", verdict(exact, out[:rows, :columns]), macs, call

    def pytorch():
        import torch

        torch.set_num_threads(threads)
        a, b = torch.from_numpy(floats[0]), torch.from_numpy(floats[1])
        same = verdict(exact, torch.mm(a, b).numpy()[:rows, :columns])
        yield f"PyTorch {torch.__version__}", "binary32 mm", same, macs, lambda: torch.mm(a, b)

    def mptorch():
        import torch
        import mptorch
        from mptorch.quant import float_mm, fxp_mm

        version = f"mptorch {getattr(mptorch, '__version__', '')}".strip()
        a, b = (torch.from_numpy(numpy.ascontiguousarray(part, numpy.float32)) for part in few)

        def clip():
            return fxp_mm(a, b, wl_add=16, fl_add=0, wl_mul=17, fl_mul=0, symmetric=False, rounding="nearest", fma=False)

        yield version, "int16:saturate", verdict(clipped, clip().numpy()), few_macs, clip

        def seven():
            return float_mm(a, b, man_add=7, exp_add=4, man_mul=7, exp_mul=4, rounding="nearest", fma=False)

        yield version, "m7e4, rounded to nearest, no chunks", "other rules", few_macs, seven

    def apytypes():
        import apytypes
        from apytypes import APyFixedArray, APyFloatArray, OverflowMode, QuantizationMode

        version = f"APyTypes {apytypes.__version__}"
        a, b = (APyFixedArray.from_float(part.astype(float), int_bits=10, frac_bits=0) for part in few)

        def clip():
            with apytypes.APyFixedAccumulatorContext(
                int_bits=16, frac_bits=0, quantization=QuantizationMode.TO_NEG, overflow=OverflowMode.SAT
            ):
                return a @ b

        yield version, "int16:saturate", verdict(clipped, clip().to_numpy()), few_macs, clip
        x, y = (APyFloatArray.from_float(part.astype(float), exp_bits=8, man_bits=23) for part in few)

        def seven():
            with apytypes.APyFloatAccumulatorContext(
                exp_bits=4, man_bits=7, bias=10, quantization=QuantizationMode.TO_ZERO
            ):
                return x @ y

        yield version, "m7e4, no chunks", "other rules", few_macs, seven

    for name, build in {"oneDNN": onednn, "PyTorch": pytorch, "mptorch": mptorch, "APyTypes": apytypes}.items():
        peers.attempt(name, build)
    peers.serve()


def model(file, threads):
    peers = Peers()
    random = numpy.random.default_rng(1)

    def drawn(shape, kind):
        kind = numpy.dtype(kind)
        if kind.kind in "iu":
            limits = numpy.iinfo(kind)
            return random.integers(limits.min, limits.max, shape, dtype=kind, endpoint=True)
        return random.random(shape, dtype=numpy.float32).astype(kind)

    def litert():
        import ai_edge_litert
        from ai_edge_litert import interpreter as runtime

        version = f"LiteRT {getattr(ai_edge_litert, '__version__', '')}".strip()
        kinds = {"XNNPACK": runtime.OpResolverType.AUTO, "reference kernels": runtime.OpResolverType.BUILTIN_REF}
        for how, resolver in kinds.items():
            used = runtime.Interpreter(file, num_threads=threads, experimental_op_resolver_type=resolver)
            used.allocate_tensors()
            for one in used.get_input_details():
                used.set_tensor(one["index"], drawn(one["shape"], one["dtype"]))
            yield version, how, "", 1, used.invoke

    def onnxruntime():
        import onnxruntime as runtime

        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        session = runtime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        kinds = {"tensor(float)": "float32", "tensor(int8)": "int8", "tensor(uint8)": "uint8"}
        feed = {}
        for one in session.get_inputs():
            shape = [size if isinstance(size, int) else 1 for size in one.shape]
            feed[one.name] = drawn(shape, kinds[one.type])
        yield f"ONNX Runtime {runtime.__version__}", "CPU", "", 1, lambda: session.run(None, feed)

    if file.endswith(".tflite"):
        peers.attempt("LiteRT", litert)
    elif file.endswith(".onnx"):
        peers.attempt("ONNX Runtime", onnxruntime)
    peers.serve()


if __name__ == "__main__":
    task, what, count = sys.argv[1:]
    {"dots": dots, "model": model}[task](what, int(count))
