"""Holds real networks of PyPI's packages against ONNX Runtime, and says what registers do to them:

    python real_files.py FOLDER NARROWS

FOLDER holds the unpacked wheels silero_vad 6.2.3, nudenet 3.4.2, magika 1.0.3 and minilm.onnx (see
minilm.py); NARROWS is the launcher. Needs numpy and onnxruntime 1.29.0. Outputs are compared with
ONNX Runtime's without optimisations; the tolerance is the larger of the spread of its optimisation
levels and 1e-4 of the output's range. Times: ours are of all inputs less those of one, shared out;
ONNX Runtime's are of one thread. Prints the table of docs/results/real-onnx-files.md.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnxruntime as ort

FOLDER, NARROWS = pathlib.Path(sys.argv[1]), sys.argv[2]
REGISTERS = ["m10e5", "m7e8(127)", "m7e4(12)/m7e4(10)"]  # m7e8(127): "bf16" of the stored page
RANDOM = np.random.default_rng(0)
INPUTS = {"silero-vad": 1001}  # so many that a call of it stands out from the start of a process
LEVELS = ["ORT_DISABLE_ALL", "ORT_ENABLE_BASIC", "ORT_ENABLE_EXTENDED", "ORT_ENABLE_ALL"]


def speech(calls):
    """A tone that begins and ends, in noise, and states from call to call."""
    time_axis = np.arange(512 * calls) / 16000
    tone = 0.3 * np.sin(2 * np.pi * 220 * time_axis) * (np.sin(2 * np.pi * 3 * time_axis) > 0)
    noise = 0.02 * RANDOM.standard_normal(len(time_axis))
    return {"input": (tone + noise).astype(np.float32).reshape(calls, 1, 512)}


def pictures(calls):
    return {"images": RANDOM.random((calls, 1, 3, 320, 320), dtype=np.float32)}


def files(calls):
    texts = [f.read_bytes() for f in sorted(pathlib.Path(__file__).parent.parent.rglob("*.py"))]
    rows = np.full((calls, 1, 2048), 256, np.int32)
    for call in range(calls):
        text = texts[call % len(texts)]
        rows[call, 0, : min(1024, len(text))] = np.frombuffer(text[:1024], np.uint8)
    return {"bytes": rows}


def sentences(calls):
    ids = RANDOM.integers(1000, 30000, (calls, 1, 24))
    return {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}


NETWORKS = {
    "silero-vad": ("**/silero_vad.onnx", speech, ["--shape", "input.1=512", "--shape", "state.1=1",
                   "--bind", "sr=16000", "--state", "stateN=state"],
                   {"sr": np.array(16000), "state": np.zeros((2, 1, 128), np.float32)}, {"stateN": "state"}),
    "nudenet 320n": ("**/320n.onnx", pictures, ["--shape", "height=320", "--shape", "width=320"], {}, {}),
    "magika": ("**/standard_v3_3/model.onnx", files, [], {}, {}),
    "all-MiniLM-L6-v2": ("minilm.onnx", sentences, ["--shape", "sequence=24"], {}, {}),
}


def theirs(path, level, inputs, fixed, states):
    options = ort.SessionOptions()
    options.graph_optimization_level = getattr(ort.GraphOptimizationLevel, level)
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    feeds, outputs = dict(fixed), {name: [] for name in names}
    calls = len(next(iter(inputs.values())))
    start = time.time()
    for call in range(calls):
        feeds.update({name: rows[call] for name, rows in inputs.items()})
        made = dict(zip(names, session.run(names, feeds)))
        feeds.update({to: made[of] for of, to in states.items()})
        for name in names:
            outputs[name].append(made[name])
    return {name: np.stack(rows).astype(np.float64) for name, rows in outputs.items()}, (time.time() - start) / calls


def narrows(*arguments):
    start = time.time()
    done = subprocess.run([NARROWS, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout, time.time() - start


def saved(folder, inputs, calls, name):
    file = folder / (name + ".npz")
    np.savez(file, **{key: rows[:calls, 0] for key, rows in inputs.items()})
    return file


print("| network | layers that sum | output | range | spread of ONNX Runtime's levels | ours differ by at most | allowed | "
      + " | ".join(REGISTERS) + " | time an input, ours | ONNX Runtime's |")
print("|---|---|---|---|---|---|---|" + "---|" * (len(REGISTERS) + 2))
for name, (pattern, make, options, fixed, states) in NETWORKS.items():
    path = next(FOLDER.glob(pattern))
    count = INPUTS.get(name, 31)
    inputs = make(count)
    levels = [theirs(path, level, inputs, fixed, states) for level in LEVELS]
    first = levels[0][0]
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        all_inputs, one = saved(folder, inputs, count, "all"), saved(folder, inputs, 1, "one")
        _, long = narrows("run", path, *options, "--input", all_inputs, "--out", folder / "all")
        _, short = narrows("run", path, *options, "--input", one, "--out", folder / "one")
        analysis = json.loads(narrows("analyze", path, *options, "--data", one, "--format", "json")[0])
        layers = len(analysis["layers"]) + len(analysis.get("floatLayers", []))
        few = saved(folder, inputs, 2, "few")
        command = ["evaluate", path, *options, "--data", few, "--format", "json"]
        noise = json.loads(narrows(*command, *[w for r in REGISTERS for w in ("--accumulator", r)])[0])
        for output, expected in first.items():
            file = next(folder.glob(f"all/*_{output}.npy"))
            got = np.load(file).astype(np.float64).reshape(expected.shape)
            span = expected.max() - expected.min()
            spread = max(np.abs(level[0][output] - expected).max() for level in levels)
            cells = []
            for result in noise["results"]:
                own = [o for o in result.get("noise", []) if o["output"] == output] or [result]
                cells.append("%.1f dB" % own[0]["signalToNoise"])
            print(f"| {name} | {layers} | {output} | {span:.3g} | {spread:.1e} | {np.abs(got - expected).max():.1e} | "
                  f"{max(spread, 1e-4 * span):.1e} | " + " | ".join(cells)
                  + f" | {(long - short) / (count - 1):.4f} s | {levels[-1][1]:.4f} s |", flush=True)
