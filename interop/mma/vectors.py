"""Dot products of MMA-Sim, beside the definition in NumPy, for MmaSimGoldenTest in core.

    git clone https://github.com/microsoft/MMA-Sim && git -C MMA-Sim checkout c785138
    python3 -m venv venv && venv/bin/pip install numpy torch
    PYTHONPATH=MMA-Sim venv/bin/python interop/mma/vectors.py | gzip -9n > core/src/test/resources/golden/mma-sim.csv.gz

MMA-Sim (Xie et al. 2025, arXiv 2511.10909; MIT) is run, not copied. A line is one block of dot products, every row of
A with every column of B: the register as text, how the operands are drawn, the seed, rows, columns, K, and the bits of
each result as binary32, row by row. Operands are drawn from SplitMix64 by the rules below, which the test repeats. A
mark after a result: * where the treatment of zeros by the Leeds model (north-numerical-computing/MATLAB-tensor-core)
would give another one, else a point. Blocks with scales (mx, nv) draw these after the operands. The script ends in an error where MMA-Sim and the definition differ.
"""

import sys

import numpy as np
import torch

import mmasim.simulator.amd as amd
import mmasim.simulator.nv_ptx as nv
from mmasim.simulator.arithmetic import flush_denormal
from definition import FORMATS, dots, scaled_dots
from mmasim.isa.common import encode_fp4

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
    (amd.mfma, "CDNA1", "f32_16x16x16f16", "pairwise", 4, None, "fp32", "fp16"),
    (amd.mfma, "CDNA1", "f32_16x16x8bf16", "pairwise", 2, None, "fp32", "bf16"),
    (amd.mfma, "CDNA2", "f32_16x16x16f16", "pairwise-flushed", 4, None, "fp32", "fp16"),
    (amd.mfma, "CDNA2", "f32_16x16x16bf16_1k", "pairwise-flushed", 4, None, "fp32", "bf16"),
]
# instruction, style, group, fraction, operands, kind of scale, operands of a scale
SCALED = [
    ("m16n8k32.block32.f32.e4m3.e4m3.f32.ue8m0", "fused", 32, 25, "e4m3", "mx", 32),
    ("m16n8k32.block32.f32.e5m2.e5m2.f32.ue8m0", "fused", 32, 25, "e5m2", "mx", 32),
    ("m16n8k64.block32.f32.e2m1.e2m1.f32.ue8m0", "blocks", 64, 35, "e2m1", "mx", 32),
    ("m16n8k64.block16.f32.e2m1.e2m1.f32.ue4m3", "blocks", 64, 35, "e2m1", "nv", 16),
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
        if form == "e2m1" and kind != 6:
            code = (self.below(last + 1), self.below(size))
        elif kind == 0:
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


    def scale(self, kind, wide):
        """A power of two, or an e4m3 number that is not negative."""
        if kind == "mx":
            return 2.0 ** (self.below(61) - 30 if wide else self.below(5) - 2)
        exponent, digits = (self.below(16), self.below(8)) if wide else (7 + self.below(3), self.below(8))
        if exponent == 15:
            digits = min(digits, 6)
        whole = digits if exponent == 0 else digits + 8
        return float(np.ldexp(float(whole), max(exponent, 1) - 10))


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
        if getattr(unit, "operation_type", "") == "pairwise":  # its tree takes binary32 alone
            if unit.flush_denormal:
                left, right = flush_denormal(left), flush_denormal(right)
            left, right = left.float(), right.float()
            unit.a_type = unit.b_type = torch.float32
        c = unit(left, right, c).to(unit.c_type)
    return c.to(torch.float32).numpy().reshape(-1)


def scaled_simulation(unit, a, b, scale_a, scale_b, form, kind):
    scales = torch.float8_e8m0fnu if kind == "mx" else torch.float8_e4m3fn
    c = torch.zeros((unit.m, unit.n), dtype=unit.c_type)
    codes = np.vectorize(encode_fp4, otypes=[np.uint8])

    def operands(values):  # [.., k]
        if form != "e2m1":
            return torch.tensor(values, dtype=torch.float32).to(TYPES[form])
        low, high = codes(values[:, 0::2]), codes(values[:, 1::2])
        return torch.tensor(low | high << 4, dtype=torch.uint8)

    for k in range(0, a.shape[1], unit.k):
        i, j = k // unit.block_size, (k + unit.k) // unit.block_size
        left = operands(a[:, k : k + unit.k])
        right = operands(np.ascontiguousarray(b[k : k + unit.k].T)).T
        sa = torch.tensor(scale_a[:, i:j], dtype=torch.float32).to(scales)
        sb = torch.tensor(scale_b[i:j], dtype=torch.float32).to(scales)
        c = unit(left, right, c, sa, sb).to(unit.c_type)
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
        text = f"{style}({group if fraction is None else f'{group},{fraction}'}):{output}:{form}"
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
    for name, style, group, fraction, form, kind, size in SCALED:
        unit = nv.mma_block_scale("RTX Blackwell", name)
        text = f"{style}({group},{fraction}):fp32:{kind}({form})"
        done = 0
        while done < DOTS or block % DRAWS != 0:
            seed, draw = SEED + block, block % DRAWS
            draws = Draws(seed)
            terms = unit.k * (1 + draws.below(3))
            a, b = matrices(draws, form, draw, unit.m, unit.n, terms)
            wide = draws.below(2) == 1
            scale_a = np.array([[draws.scale(kind, wide) for _ in range(terms // size)] for _ in range(unit.m)])
            scale_b = np.array([[draws.scale(kind, wide) for _ in range(unit.n)] for _ in range(terms // size)])
            theirs = bits(scaled_simulation(unit, a, b, scale_a, scale_b, form, kind))
            ours = bits(scaled_dots(a, b, scale_a, scale_b, style, group, fraction, form, kind))
            if (ours != theirs).any():
                i = int(np.argmax(ours != theirs))
                raise SystemExit(f"{name} draw {draw} seed {seed} dot {i}: {theirs[i]:08x}, defined {ours[i]:08x}")
            print(text, draw, seed, unit.m, unit.n, terms, "".join(f"{v:08x}." for v in theirs), sep=",")
            done += len(theirs)
            block += 1
        total += done
        print(name, text, done, "dots", file=sys.stderr)
    print(total, "dots,", marked, "where zeros matter", file=sys.stderr)


if __name__ == "__main__":
    main()
