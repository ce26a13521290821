"""Dot products of MMA-Sim, beside the definition in NumPy, for MmaSimGoldenTest in core.

    git clone https://github.com/microsoft/MMA-Sim && git -C MMA-Sim checkout c785138
    python3 -m venv venv && venv/bin/pip install numpy torch
    PYTHONPATH=MMA-Sim venv/bin/python interop/mma/vectors.py | gzip -9n > core/src/test/resources/golden/mma-sim.csv.gz

MMA-Sim (Xie et al. 2025, arXiv 2511.10909; MIT) is run, not copied. A line is one block of dot products, every row of
A with every column of B: the register as text, how the operands are drawn, the seed, rows, columns, K, and the bits of
each result as binary32, row by row. Operands are drawn from SplitMix64 by the rules below, which the test repeats. A
mark after a result: * where the treatment of zeros by the Leeds model (north-numerical-computing/MATLAB-tensor-core)
would give another one, else a point. The script ends in an error where MMA-Sim and the definition differ.
"""

import sys

import numpy as np
import torch

import mmasim.simulator.amd as amd
import mmasim.simulator.nv_ptx as nv
from definition import FORMATS, dots

MASK = (1 << 64) - 1
SEED = 20261129
TYPES = {
    "fp16": torch.float16,
    "bf16": torch.bfloat16,
    "tf32": torch.float32,
    "e4m3": torch.float8_e4m3fn,
    "e5m2": torch.float8_e5m2,
    "e4m3fnuz": torch.float8_e4m3fnuz,
    "e5m2fnuz": torch.float8_e5m2fnuz,
}
# class, architecture, instruction, style, group, fraction, output, operands
INSTRUCTIONS = [
    (nv.mma, "Volta", "m8n8k4.f32.f16.f16.f32", "fused", 4, 23, "fp32", "fp16"),
    (nv.mma, "Volta", "m8n8k4.f16.f16.f16.f16", "fused", 4, 23, "fp16", "fp16"),
    (nv.mma, "Turing", "m16n8k8.f32.f16.f16.f32", "fused", 8, 24, "fp32", "fp16"),
    (nv.mma, "Turing", "m16n8k8.f16.f16.f16.f16", "fused", 8, 24, "fp16", "fp16"),
    (nv.mma, "Ampere", "m16n8k16.f32.f16.f16.f32", "fused", 8, 24, "fp32", "fp16"),
    (nv.mma, "Ampere", "m16n8k16.f16.f16.f16.f16", "fused", 8, 24, "fp16", "fp16"),
    (nv.mma, "Ampere", "m16n8k16.f32.bf16.bf16.f32", "fused", 8, 24, "fp32", "bf16"),
    (nv.mma, "Ampere", "m16n8k8.f32.tf32.tf32.f32", "fused", 4, 24, "fp32", "tf32"),
    (nv.mma, "Ada Lovelace", "m16n8k32.f32.e4m3.e4m3.f32", "fused", 16, 13, "e8m13", "e4m3"),
    (nv.mma, "Ada Lovelace", "m16n8k32.f16.e4m3.e4m3.f16", "fused", 16, 13, "fp16", "e4m3"),
    (nv.mma, "Ada Lovelace", "m16n8k32.f32.e5m2.e5m2.f32", "fused", 16, 13, "e8m13", "e5m2"),
    (nv.wgmma, "Hopper", "m64n8k16.f32.f16.f16", "fused", 16, 25, "fp32", "fp16"),
    (nv.wgmma, "Hopper", "m64n8k16.f16.f16.f16", "fused", 16, 25, "fp16", "fp16"),
    (nv.wgmma, "Hopper", "m64n8k16.f32.bf16.bf16", "fused", 16, 25, "fp32", "bf16"),
    (nv.wgmma, "Hopper", "m64n8k8.f32.tf32.tf32", "fused", 8, 25, "fp32", "tf32"),
    (nv.wgmma, "Hopper", "m64n8k32.f32.e4m3.e4m3", "fused", 32, 13, "e8m13", "e4m3"),
    (nv.wgmma, "Hopper", "m64n8k32.f16.e4m3.e4m3", "fused", 32, 13, "fp16", "e4m3"),
    (nv.wgmma, "Hopper", "m64n8k32.f32.e5m2.e5m2", "fused", 32, 13, "e8m13", "e5m2"),
    (nv.mma, "RTX Blackwell", "m16n8k32.f32.e4m3.e4m3.f32", "fused", 32, 25, "fp32", "e4m3"),
    (nv.mma, "RTX Blackwell", "m16n8k32.f16.e5m2.e5m2.f16", "fused", 32, 25, "fp16", "e5m2"),
    (amd.mfma, "CDNA3", "f32_16x16x16_f16", "floored", 8, 24, "fp32", "fp16"),
    (amd.mfma, "CDNA3", "f32_16x16x16_bf16", "floored", 8, 24, "fp32", "bf16"),
    (amd.mfma, "CDNA3", "f32_16x16x8_xf32", "floored", 4, 24, "fp32", "tf32"),
    (amd.mfma, "CDNA3", "f32_16x16x32_fp8_fp8", "floored-pairs", 16, 24, "fp32", "e4m3fnuz"),
    (amd.mfma, "CDNA3", "f32_16x16x32_bf8_bf8", "floored-pairs", 16, 24, "fp32", "e5m2fnuz"),
]
DRAWS = 6
DOTS = 4100


class Draws:
    """SplitMix64 (Steele et al. 2014)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) >> 32) % bound

    def operand(self, form, kind):
        """kind: 0 any finite code, 1 and 2 near one, 3 small and zero, 4 the ends, 5 wide with zeros."""
        mantissa, _, one, last, most = FORMATS[form]
        size = 1 << mantissa
        negative = self.below(2) == 1
        if kind == 5:
            choice = self.below(4)
            kind = 6 if choice == 0 else 0 if choice == 1 else 1
        if kind == 0:
            code = (self.below(last + 1), self.below(size))
        elif kind in (1, 2):
            code = (one + self.below(7) - 3, self.below(size))
        elif kind == 3:
            choice = self.below(8)
            first = 0 if choice < 5 else 1 + self.below(3)
            code = (first, 0 if choice < 2 else self.below(size))
        elif kind == 4:
            ends = [(0, 0), (0, 1), (1, 0), (one, 0), (last, most), (last, most), (one, size - 1), (1, size - 1)]
            code = ends[self.below(8)]
        else:
            code = (0, 0)
        exponent, digits = code
        if exponent == last:
            digits = min(digits, most)
        if form == "tf32":  # with bits that are truncated
            bits = exponent << 23 | digits << 13 | self.below(1 << 13)
            value = float(np.uint32(bits).view(np.float32))
        else:
            whole = digits if exponent == 0 else digits + size
            value = float(np.ldexp(float(whole), max(exponent, 1) - one - mantissa))
        return -value if negative else value


def matrices(draws, form, kind, rows, columns, terms):
    a = [[draws.operand(form, kind) for _ in range(terms)] for _ in range(rows)]
    b = [[draws.operand(form, kind) for _ in range(columns)] for _ in range(terms)]
    if kind == 2:  # pairs that cancel, but for one in eight
        for k in range(1, terms, 2):
            if draws.below(8) != 0:
                for row in a:
                    row[k] = row[k - 1]
                b[k] = [-value for value in b[k - 1]]
    return np.array(a), np.array(b)


def simulated(unit, a, b, form):
    kind = TYPES[form]
    c = torch.zeros((unit.m, unit.n), dtype=unit.c_type)
    for k in range(0, a.shape[1], unit.k):
        left = torch.tensor(a[:, k : k + unit.k], dtype=torch.float32).to(kind)
        right = torch.tensor(b[k : k + unit.k], dtype=torch.float32).to(kind)
        c = unit(left, right, c).to(unit.c_type)
    return c.to(torch.float32).numpy().reshape(-1)


def bits(values):
    raw = values.astype("<f4").view(np.uint32)
    return np.where(np.isnan(values), 0x7FC00000, np.where(values == 0, 0, raw))


def main():
    print("# MMA-Sim c785138 (MIT), PyTorch", torch.__version__, "NumPy", np.__version__ + "; made by interop/mma/vectors.py")
    print("register,draws,seed,rows,columns,k,results")
    block = total = marked = 0
    for make, chip, name, style, group, fraction, output, form in INSTRUCTIONS:
        unit = make(chip, name)
        text = f"{style}({group},{fraction}):{output}:{form}"
        done = 0
        while done < DOTS or block % DRAWS != 0:
            seed, kind = SEED + block, block % DRAWS
            draws = Draws(seed)
            terms = unit.k * (1 + draws.below(3))
            a, b = matrices(draws, form, kind, unit.m, unit.n, terms)
            theirs = bits(simulated(unit, a, b, form))
            if form == "tf32":
                cut = lambda v: (v.astype(np.float32).view(np.uint32) & 0xFFFFE000).view(np.float32).astype(np.float64)
                a, b = cut(a), cut(b)
            ours = bits(dots(a, b, style, group, fraction, output, form))
            if (ours != theirs).any():
                i = int(np.argmax(ours != theirs))
                raise SystemExit(f"{chip} {name} kind {kind} seed {seed} dot {i}: {theirs[i]:08x}, defined {ours[i]:08x}")
            others = theirs
            if style == "fused":
                others = bits(dots(a, b, style, group, fraction, output, form, dropped=True))
            marks = others != theirs
            print(
                text, kind, seed, unit.m, unit.n, terms,
                "".join(f"{v:08x}{'*' if m else '.'}" for v, m in zip(theirs, marks)), sep=",",
            )
            done += len(theirs)
            marked += int(marks.sum())
            block += 1
        total += done
        print(chip, name, text, done, "dots", file=sys.stderr)
    print(total, "dots,", marked, "where zeros matter", file=sys.stderr)


if __name__ == "__main__":
    main()
