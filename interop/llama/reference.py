"""Scores and tokens of a llama2.c checkpoint, transcribed from run.c in NumPy, float64.

    python reference.py stories260K.bin tok512.bin OUT_DIR

Writes llama-tokens.csv (text in hexadecimal UTF-8, ids) and llama-scores.csv (position, 512 scores).
float64 stands for the real numbers: run.c and Narrows round to float32 after every step, in orders
of their own, so scores agree to a few units of float32's last place of the largest score, not to
the bit.
"""

import struct
import sys
from pathlib import Path

import numpy as np

TEXT = "Once upon a time, there was a little girl named Lily. She loved to play outside."
TEXTS = [TEXT, "a", "  two  spaces", "Zoë went to the café — at 7 o'clock!\n\nThe end.\n", "日本", "<s>\t"]
POSITIONS = [0, 1, 7, 23]


def read(path):
    raw = Path(path).read_bytes()
    dim, hidden, layers, heads, kv_heads, vocab, length = struct.unpack("<7i", raw[:28])
    shared, vocab = vocab > 0, abs(vocab)
    head = dim // heads
    numbers = np.frombuffer(raw, "<f4", offset=28).astype(np.float64)
    at = 0

    def take(*shape):
        nonlocal at
        size = int(np.prod(shape))
        part = numbers[at : at + size].reshape(shape)
        at += size
        return part

    w = {"heads": heads, "kv_heads": kv_heads, "head": head, "layers": layers}
    w["embedding"] = take(vocab, dim)
    w["rms_att"] = take(layers, dim)
    w["wq"] = take(layers, dim, dim)
    w["wk"] = take(layers, kv_heads * head, dim)
    w["wv"] = take(layers, kv_heads * head, dim)
    w["wo"] = take(layers, dim, dim)
    w["rms_ffn"] = take(layers, dim)
    w["w1"] = take(layers, hidden, dim)
    w["w2"] = take(layers, dim, hidden)
    w["w3"] = take(layers, hidden, dim)
    w["rms_final"] = take(dim)
    take(length, head)
    w["wcls"] = w["embedding"] if shared else take(vocab, dim)
    assert at == len(numbers)
    return w


def rmsnorm(x, weight):
    return weight * (x / np.sqrt(np.mean(x * x) + np.float64(np.float32(1e-5))))


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def forward(w, token, pos, keys, values):
    """One token; keys and values hold those of the positions before it, layer by layer."""
    head, heads = w["head"], w["heads"]
    shared = heads // w["kv_heads"]
    x = w["embedding"][token].copy()
    for layer in range(w["layers"]):
        xb = rmsnorm(x, w["rms_att"][layer])
        q = w["wq"][layer] @ xb
        k = w["wk"][layer] @ xb
        v = w["wv"][layer] @ xb
        for i in range(0, len(q), 2):
            angle = pos / 10000.0 ** ((i % head) / head)
            c, s = np.cos(angle), np.sin(angle)
            for vec in [q, k] if i < len(k) else [q]:
                a, b = vec[i], vec[i + 1]
                vec[i], vec[i + 1] = a * c - b * s, a * s + b * c
        keys[layer].append(k)
        values[layer].append(v)
        xb = np.zeros_like(x)
        for h in range(heads):
            kv = slice(h // shared * head, (h // shared + 1) * head)
            mine = slice(h * head, (h + 1) * head)
            scores = np.array([q[mine] @ past[kv] for past in keys[layer]]) / np.sqrt(head)
            for weight, past in zip(softmax(scores), values[layer]):
                xb[mine] += weight * past[kv]
        x += w["wo"][layer] @ xb
        xb = rmsnorm(x, w["rms_ffn"][layer])
        gate = w["w1"][layer] @ xb
        x += w["w2"][layer] @ (gate / (1 + np.exp(-gate)) * (w["w3"][layer] @ xb))
    return w["wcls"] @ rmsnorm(x, w["rms_final"])


def vocabulary(path, size):
    raw, at = Path(path).read_bytes(), 4
    pieces, scores = [], []
    for _ in range(size):
        score, length = struct.unpack_from("<fi", raw, at)
        pieces.append(raw[at + 8 : at + 8 + length])
        scores.append(score)
        at += 8 + length
    return pieces, scores


def encode(text, pieces, scores):
    """run.c's encode without begin and end: the best pair is joined, again and again."""
    ids = {}
    for i, piece in enumerate(pieces):
        ids.setdefault(piece, i)
    tokens = []
    for character in " " + text:
        raw = character.encode()
        tokens += [ids[raw]] if raw in ids else [byte + 3 for byte in raw]
    while True:
        best, where, joined = -1e10, -1, -1
        for i in range(len(tokens) - 1):
            pair = ids.get(pieces[tokens[i]] + pieces[tokens[i + 1]])
            if pair is not None and scores[pair] > best:
                best, where, joined = scores[pair], i, pair
        if where < 0:
            return tokens
        tokens[where : where + 2] = [joined]


def main(checkpoint, tokenizer, out):
    w = read(checkpoint)
    pieces, scores = vocabulary(tokenizer, len(w["embedding"]))
    note = "# interop/llama/reference.py on stories260K (karpathy/tinyllamas, MIT)\n"
    with open(Path(out) / "llama-tokens.csv", "w") as file:
        file.write(note + "text,ids\n")
        for text in TEXTS:
            ids = encode(text, pieces, scores)
            file.write(text.encode().hex() + "," + " ".join(map(str, ids)) + "\n")
    keys = [[] for _ in range(w["layers"])]
    values = [[] for _ in range(w["layers"])]
    with open(Path(out) / "llama-scores.csv", "w") as file:
        file.write(note + "position,scores\n")
        for pos, token in enumerate([1] + encode(TEXT, pieces, scores)):
            made = forward(w, token, pos, keys, values)
            if pos in POSITIONS:
                file.write(str(pos) + "," + " ".join(f"{score:.9g}" for score in made) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
