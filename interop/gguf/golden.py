"""Blocks of every GGUF type with their numbers, and tokens of texts, for network's tests.

    python golden.py blocks OUT_DIR
    python golden.py tokens WIKITEXT.txt OUT_DIR
    python golden.py model OUT_DIR
    python golden.py check MODEL.gguf WIKITEXT.txt
    python golden.py loss MODEL.gguf WIKITEXT.txt PREDICTIONS

blocks: random bytes as blocks, decoded by the package gguf (its NumPy code, not ggml's C code).
Scales are drawn so that every number is finite. Columns: type, the blocks' bytes in hexadecimal, the
bits of the numbers in hexadecimal.

tokens: a vocabulary of 700 tokens that the package tokenizers learns from a text, and texts cut by
it, for each way to cut a text the one that the makers of the models publish. Columns: what (token,
merge, or the name of a cut), text in hexadecimal UTF-8, ids.

model: a random llama model of one layer as a file written by gguf, and scores of it computed in
float64 from what gguf decodes: a transcription of the model's definition in NumPy. Columns: position,
258 scores.

loss: the mean loss of the first tokens of a text but the first, in one window, by the same NumPy code
in float32.

check: how many tokens tokenizers makes of a whole text by the vocabulary of a GGUF file, and a hash
of them.
"""

import sys
from importlib.metadata import version
from pathlib import Path

import gguf
import numpy as np

TYPES = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"]
TYPES += ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"]

# where the scales in binary16 stand in a block
SCALES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0]}
SCALES |= {"Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}


def blocks(out):
    random = np.random.default_rng(20261129)
    lines = [
        f"# interop/gguf/golden.py, gguf {version('gguf')} (MIT), numpy {np.__version__}",
        "type,bytes,numbers",
    ]
    for name in TYPES:
        kind = gguf.GGMLQuantizationType[name]
        elements, size = gguf.GGML_QUANT_SIZES[kind]
        count = 3 if elements > 1 else 12
        raw = random.integers(0, 256, (count, size), dtype=np.uint8)
        if name in SCALES:
            for at in SCALES[name]:
                scales = (random.standard_normal(count) / 16).astype("<f2")
                raw[:, at : at + 2] = scales.view(np.uint8).reshape(count, 2)
        else:
            floats = random.standard_normal(count).astype(np.float32)
            floats[0], floats[1] = 0, -1
            if name == "F32":
                raw = floats.astype("<f4").view(np.uint8).reshape(count, 4)
            elif name == "F16":
                floats[2] = 2.0**-24
                raw = floats.astype("<f2").view(np.uint8).reshape(count, 2)
            else:
                words = (floats.view(np.uint32) >> 16).astype("<u2")
                raw = words.view(np.uint8).reshape(count, 2)
        numbers = gguf.quants.dequantize(raw, kind).astype("<f4").reshape(-1)
        assert np.isfinite(numbers).all()
        hexed = " ".join(f"{bits:08x}" for bits in numbers.view(np.uint32))
        lines.append(f"{name},{raw.tobytes().hex()},{hexed}")
    (out / "blocks.csv").write_text("\n".join(lines) + "\n")


TEXTS = [
    "Hello world",
    " two  spaces   three",
    "tabs\tand\n\nlines \n \n end ",
    "I'm, you're, THEY'LL; 'tis don't",
    "In 2019, 12345 and 3.14159 or ½ ² Ⅷ",
    "Zoë naïve café — “quotes” … €5",
    "日本語とカタカナ 漢字 한국어",
    "Привет, мир! שלום عالم नमस्ते",
    "emoji 👍🏽 👨‍👩‍👧 🇩🇪",
    "a\u00a0b\u2003c\u3000d\u0085e\u200bf",
    "code: if (x != 0) { y += x->z[i]; } // done",
    "CamelCaseHTTPServer_snake_case-kebab",
    "<|endoftext|> <unk> @-@ @,@ = = Heading = =",
    "e\u0301 \u0301combining \ufeffmark",
    "\r\n\r\r\n  \r",
    "               deep",
    "!!!???...",
    "",
]

LLAMA = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|%s| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def cuts():
    from tokenizers import Regex, pre_tokenizers as pre

    def split(pattern):
        return pre.Sequence(
            [
                pre.Split(Regex(pattern), behavior="isolated", invert=False),
                pre.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )

    return {
        "smollm": pre.Sequence(
            [pre.Digits(individual_digits=True), pre.ByteLevel(add_prefix_space=False)]
        ),
        "gpt-2": pre.ByteLevel(add_prefix_space=False),
        "llama-bpe": split(LLAMA % r"\p{N}{1,3}"),
        "qwen2": split(LLAMA % r"\p{N}"),
    }


def made(vocabulary, merges, cut, name):
    from tokenizers import Tokenizer
    from tokenizers.models import BPE

    ids = {token: id for id, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(BPE(ids, merges, ignore_merges=name == "llama-bpe"))
    tokenizer.pre_tokenizer = cut
    return lambda text: tokenizer.encode(text, add_special_tokens=False).ids


def learnt(text):
    from tokenizers import Tokenizer, trainers
    from tokenizers import pre_tokenizers as pre
    from tokenizers.models import BPE

    import json

    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = pre.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([text], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    merges = [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in model["merges"]]
    return sorted(model["vocab"], key=model["vocab"].get), merges


def tokens(text, out):
    wiki = Path(text).read_text()
    vocabulary, merges = learnt(wiki)
    lines = [
        f"# interop/gguf/golden.py, tokenizers {version('tokenizers')} (Apache-2.0); learnt from and"
        " with lines of WikiText-2 (CC BY-SA 3.0)",
        "what,text,ids",
    ]
    lines += [f"token,{token.encode().hex()}," for token in vocabulary]
    lines += [f"merge,{' '.join(merge).encode().hex()}," for merge in merges]
    some = [line[:200] for line in wiki.split("\n") if len(line) > 60][:6]
    for name, cut in cuts().items():
        encode = made(vocabulary, merges, cut, name)
        for line in TEXTS + some:
            lines.append(f"{name},{line.encode().hex()},{' '.join(map(str, encode(line)))}")
    (out / "tokens.csv").write_text("\n".join(lines) + "\n")


IDS = [72, 101, 108, 108, 111, 257, 0, 44, 32, 119, 256, 100]


def model(out):
    random = np.random.default_rng(20261129)
    dim, hidden, heads, keys, words = 32, 64, 2, 1, 258
    head = dim // heads
    writer = gguf.GGUFWriter(out / "tiny.gguf", "llama")
    writer.add_block_count(1)
    writer.add_context_length(64)
    writer.add_embedding_length(dim)
    writer.add_feed_forward_length(hidden)
    writer.add_head_count(heads)
    writer.add_head_count_kv(keys)
    writer.add_rope_freq_base(100000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    alphabet = {}
    beyond = 256
    for b in range(256):
        visible = 33 <= b <= 126 or 161 <= b and b != 173
        alphabet[b] = chr(b if visible else beyond)
        beyond += not visible
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list([alphabet[b] for b in range(256)] + ["<|end|>", "th"])
    writer.add_token_types([1] * 256 + [3, 1])
    writer.add_token_merges(["t h"])
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(256)
    writer.add_add_bos_token(False)
    kinds = gguf.GGMLQuantizationType

    def matrix(name, rows, columns, kind, size):
        values = (random.standard_normal((rows, columns)) * size).astype(np.float32)
        writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)

    def gains(name):
        writer.add_tensor(name, (1 + random.standard_normal(dim) / 4).astype(np.float32))

    matrix("token_embd.weight", words, dim, kinds.Q8_0, 1)
    block = "blk.0."
    gains(block + "attn_norm.weight")
    matrix(block + "attn_q.weight", dim, dim, kinds.Q4_1, 0.3)
    matrix(block + "attn_k.weight", keys * head, dim, kinds.Q5_0, 0.3)
    matrix(block + "attn_v.weight", keys * head, dim, kinds.Q4_0, 0.3)
    matrix(block + "attn_output.weight", dim, dim, kinds.Q5_1, 0.3)
    gains(block + "ffn_norm.weight")
    matrix(block + "ffn_gate.weight", hidden, dim, kinds.F16, 0.3)
    matrix(block + "ffn_up.weight", hidden, dim, kinds.BF16, 0.3)
    matrix(block + "ffn_down.weight", dim, hidden, kinds.Q8_0, 0.3)
    gains("output_norm.weight")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    scores = forward(gguf.GGUFReader(out / "tiny.gguf"), IDS, np.float64)
    lines = [
        f"# interop/gguf/golden.py, gguf {version('gguf')}, numpy {np.__version__}, float64",
        f"ids {' '.join(map(str, IDS))}",
    ]
    for position in (0, 5, 11):
        lines.append(f"{position},{' '.join(repr(float(score)) for score in scores[position])}")
    (out / "tiny-scores.csv").write_text("\n".join(lines) + "\n")


def forward(reader, ids, real):
    """Scores [position][token]: rotary positions turn neighbouring channels, as llama's files have it."""
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    prefix = reader.get_field("general.architecture").contents() + "."

    def field(name):
        return reader.get_field(prefix + name).contents()

    def weights(name):
        tensor = tensors[name]
        return gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(real)

    heads, keys = field("attention.head_count"), field("attention.head_count_kv")
    dim, count = field("embedding_length"), len(ids)
    head = dim // heads
    epsilon = real(np.float32(field("attention.layer_norm_rms_epsilon")))

    def norm(x, name):
        return weights(name) * x / np.sqrt((x * x).mean(-1, keepdims=True) + epsilon)

    base = np.float64(np.float32(field("rope.freq_base")))
    angles = np.outer(np.arange(count), base ** (-2.0 * np.arange(head // 2) / head))
    cosine, sine = np.cos(angles)[:, None].astype(real), np.sin(angles)[:, None].astype(real)

    def turned(x):
        a, b = x[..., ::2], x[..., 1::2]
        return np.stack([a * cosine - b * sine, a * sine + b * cosine], -1).reshape(x.shape)

    table = weights("token_embd.weight")
    x = table[ids]
    later = np.triu(np.ones((count, count), bool), 1)
    for layer in range(field("block_count")):
        block = f"blk.{layer}."
        n = norm(x, block + "attn_norm.weight")
        q = turned((n @ weights(block + "attn_q.weight").T).reshape(count, heads, head))
        k = turned((n @ weights(block + "attn_k.weight").T).reshape(count, keys, head))
        v = (n @ weights(block + "attn_v.weight").T).reshape(count, keys, head)
        k, v = (np.repeat(t, heads // keys, 1) for t in (k, v))
        scores = np.einsum("thd,shd->hts", q, k) / real(np.sqrt(head))
        scores[:, later] = -np.inf
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = np.einsum("hts,shd->thd", scores, v).reshape(count, dim)
        x = x + mixed @ weights(block + "attn_output.weight").T
        n = norm(x, block + "ffn_norm.weight")
        gate = n @ weights(block + "ffn_gate.weight").T
        up = n @ weights(block + "ffn_up.weight").T
        x = x + (gate / (1 + np.exp(-gate)) * up) @ weights(block + "ffn_down.weight").T
    last = table if "output.weight" not in tensors else weights("output.weight")
    return norm(x, "output_norm.weight") @ last.T


def loss(file, text, predictions):
    reader = gguf.GGUFReader(file)
    ids = cut(reader, Path(text).read_text()[: 12 * predictions + 1000])[: predictions + 1]
    scores = forward(reader, ids[:-1], np.float32).astype(np.float64)
    most = scores.max(-1)
    nats = most + np.log(np.exp(scores - most[:, None]).sum(-1))
    nats -= scores[np.arange(predictions), ids[1:]]
    print(predictions, "predictions, loss", nats.mean(), "perplexity", np.exp(nats.mean()))


def cut(reader, text):
    vocabulary = reader.get_field("tokenizer.ggml.tokens").contents()
    merges = reader.get_field("tokenizer.ggml.merges").contents()
    name = reader.get_field("tokenizer.ggml.pre").contents()
    merges = [tuple(merge.split(" ", 1)) for merge in merges]
    return made(vocabulary, merges, cuts()[name], name)(text)


def check(file, text):
    ids = cut(gguf.GGUFReader(file), Path(text).read_text())
    total = 0
    for id in ids:
        total = (total * 31 + id) & 0xFFFFFFFF
    print(len(ids), "tokens, hash", total)


if __name__ == "__main__":
    words = sys.argv[2:]
    match sys.argv[1]:
        case "blocks":
            blocks(Path(words[0]))
        case "tokens":
            tokens(words[0], Path(words[1]))
        case "model":
            model(Path(words[0]))
        case "loss":
            loss(words[0], words[1], int(words[2]))
        case "check":
            check(words[0], words[1])
