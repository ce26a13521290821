"""Outputs of GPUs stored by north-numerical-computing/MATLAB-tensor-core, for GpuOutputsGoldenTest in core.

    git clone https://github.com/north-numerical-computing/MATLAB-tensor-core && git -C MATLAB-tensor-core checkout b12b5a7
    python3 -m venv venv && venv/bin/pip install numpy
    venv/bin/python interop/mma/leeds.py MATLAB-tensor-core | gzip -9n > gpu-outputs.csv.gz
    NARROWS_GPU_OUTPUTS=$PWD/gpu-outputs.csv.gz ./narrows test -pl core -Dtest=GpuOutputsGoldenTest

The numbers are those of Khattak and Mikaitis's model checks (BSD-2-Clause): operands, the register before, and what
V100, A100, Ada, H100, H200 and B200 made of them. A line is one multiplication: chip, register as text, the operands as
binary32 without trailing zero digits, the register before and after. The last field tells what the definition in NumPy makes of it:
= the same, z the same with zeros treated as in the Leeds model, # neither.
"""

import subprocess
import sys

import numpy as np

from definition import OUTPUTS, ZERO, fused

ROWS = 400
# chip, folder, operands, K, group, fraction, output
SETS = [
    ("V100", "fp16", "fp16", 4, 4, 23, "fp32"),
    ("V100", "fp16", "fp16", 4, 4, 23, "fp16"),
    *[("A100", f, f, k, g, 24, "fp32") for f, k, g in (("fp16", 8, 8), ("bf16", 8, 8), ("tf32", 4, 4))],
    ("A100", "fp16", "fp16", 8, 8, 24, "fp16"),
    *[("Ada", f, f.lower(), 32, 16, 13, o) for f in ("E4M3", "E5M2") for o in ("e8m13", "fp16")],
    *[
        (c, f, f, k, k if f != "tf32" else 8, 25, "fp32")
        for c in ("H100", "H200", "B200")
        for f, k in (("fp16", 16), ("bf16", 16), ("tf32", 4))
    ],
    *[(c, "fp16", "fp16", 16, 16, 25, "fp16") for c in ("H100", "H200", "B200")],
    *[(c, f, f.lower(), 32, 32, 13, "e8m13") for c in ("H100", "H200") for f in ("E4M3", "E5M2")],
]


def read(folder, name, base):
    text = open(f"{folder}/{name}.txt").read().split()
    return np.array([int(word, base) for word in text], np.uint32).view(np.float32)


def main():
    root = sys.argv[1]
    commit = subprocess.run(["git", "-C", root, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout
    print("# MATLAB-tensor-core", commit.strip(), "(BSD-2-Clause); chosen by interop/mma/leeds.py, NumPy", np.__version__)
    print("chip,register,inputs,weights,before,after,same")
    for chip, folder, form, terms, group, fraction, output in SETS:
        at = f"{root}/model_validation/{chip}/{folder}"
        a = read(at, f"a_{chip}_{folder}", 16).reshape(-1, terms)
        b = read(at, f"b_{chip}_{folder}", 16).reshape(-1, terms)
        c = read(at, f"c_{chip}_fp32", 2)
        d = read(at, f"d_{chip}_{'fp16' if output == 'fp16' else 'fp32'}", 2)
        before = c.astype(np.float16).astype(np.float32) if output == "fp16" else c
        if chip in ("H100", "H200") and output == "e8m13":
            before = np.zeros_like(c)  # wgmma without a register before it, as the model check says
        marks = {}
        for mark, zero, floor in (("z", -100000, -15 if chip == "B200" and output == "fp16" else -133), ("=", ZERO, None)):
            held = before.astype(np.float64)
            for k in range(0, terms, group):
                x, y = a[:, k : k + group].astype(np.float64), b[:, k : k + group].astype(np.float64)
                held = fused(held, x, y, form, fraction, output, zero, floor)
            marks[mark] = held == d
        same = np.where(marks["="], "=", np.where(marks["z"], "z", "#"))
        print(chip, form, output, {m: int((same == m).sum()) for m in "=z#"}, file=sys.stderr)
        text = f"fused({group},{fraction}):{output}:{form}"
        words = lambda row: " ".join(f"{v:08x}".rstrip("0") or "0" for v in row.view(np.uint32))
        order = np.argsort(same == "=", kind="stable")[: ROWS // 2]
        chosen = sorted({*order.tolist(), *range(ROWS - len(order))})
        for i in chosen:
            print(
                chip, text, words(a[i]), words(b[i]), f"{before.view(np.uint32)[i]:08x}",
                f"{d.view(np.uint32)[i]:08x}", same[i], sep=",",
            )


if __name__ == "__main__":
    main()
