"""Time of a run of a TFLite file in LiteRT, one thread: XNNPACK's kernels and the reference kernels.

pip install ai-edge-litert numpy; python litert.py FILE [ROUNDS]. Give the same rounds as to time.sh, in turns with it.
"""

import sys
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

interpreters = {}
for name, kind in (("xnnpack", OpResolverType.AUTO), ("reference", OpResolverType.BUILTIN_REF)):
    made = Interpreter(sys.argv[1], num_threads=1, experimental_op_resolver_type=kind)
    made.allocate_tensors()
    entry = made.get_input_details()[0]
    codes = np.random.default_rng(1).integers(-128, 128, entry["shape"]).astype(entry["dtype"])
    made.set_tensor(entry["index"], codes)
    interpreters[name] = made
least = {}
for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 20):
    for name, made in interpreters.items():
        start = time.process_time()
        for _ in range(4):
            made.invoke()
        took = (time.process_time() - start) / 4
        least[name] = min(took, least.get(name, took))
for name, took in least.items():
    print(f"{name} {took * 1e6:.1f}")
