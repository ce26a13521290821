"""Small transformers of the Hub's layout with what they compute, for network's tests, and checks on
real ones.

    python golden.py bert WIKITEXT.txt OUT_DIR
    python golden.py qwen2 OUT_DIR
    python golden.py gpt2 OUT_DIR
    python golden.py words OUT_DIR
    python golden.py pieces OUT_DIR TEXT...
    python golden.py vectors MODEL_FOLDER
    python golden.py tokens MODEL_FOLDER WIKITEXT.txt
    python golden.py similarity MODEL_FOLDER WIKITEXT.txt TRIPLES [near-of-article]

bert: a random encoder of two layers, the vocabulary of pieces that the package tokenizers learns from
a text, and the vectors of a dozen sentences computed in float64: a transcription of the model's
definition in NumPy.

qwen2, gpt2: a random model of one layer that foretells bytes, and scores of it, likewise.

words: for each block of 4,096 code points a hash of the words that BERT's way of cutting makes of
each of them between an a and a b. Fifty young letters and marks are left out, whose small forms or
parts depend on the version of Unicode.

pieces: a small vocabulary of pairs of pieces with bytes as a last resort, learnt from texts, in the
four ways in which a text may begin and be cut, and the tokens of some texts in each.

vectors: the vectors of the same dozen sentences by a real encoder, in float64, to standard output.

similarity: the accuracy of a real encoder on the first triples that evaluate looks at, chosen and
computed by NumPy alone, in float64; near-of-article takes the near sentence from the article.

tokens: how many tokens tokenizers makes of a whole text, and a hash of them.
"""

import json
import struct
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

SENTENCES = [
    "A man is playing the guitar .",
    "The guitar is played by a man .",
    "In 1998 , the ship sank off the coast of Norway .",
    "Zoë visited a café in São Paulo — twice !",
    "日本語の文章です。",
    "",
    "x" * 120,
    "The hurricane made landfall near Key West , with winds of 75 mph ( 120 km / h ) .",
    "[CLS] is not a mark here [SEP]",
    "I can't , won't and shouldn't .",
    "e\u0301le\u0301phant\u00a0\u200bsans   espaces",
    "He wrote " + "very " * 30 + "long letters .",
]


def tensors(folder):
    """Name to array, as float64; of one file, as the tests' and MiniLM's folders have it."""
    data = (Path(folder) / "model.safetensors").read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    made = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name == "__metadata__" or entry["dtype"] not in ("F32", "F16", "BF16"):
            continue
        start, end = (8 + size + at for at in entry["data_offsets"])
        raw = data[start:end]
        if entry["dtype"] == "BF16":
            values = (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32)
        else:
            values = np.frombuffer(raw, {"F32": "<f4", "F16": "<f2"}[entry["dtype"]])
        made[name] = values.astype(np.float64).reshape(entry["shape"])
    return made


def save(folder, arrays):
    """Arrays as a file, each in the type that stands beside it."""
    header, data = {}, b""
    for name, (values, dtype) in arrays.items():
        if dtype == "BF16":
            raw = (values.astype("<f4").view(np.uint32) >> 16).astype("<u2").tobytes()
        else:
            raw = values.astype({"F32": "<f4", "F16": "<f2"}[dtype]).tobytes()
        offsets = [len(data), len(data) + len(raw)]
        header[name] = {"dtype": dtype, "shape": list(values.shape), "data_offsets": offsets}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


def layer_norm(x, weights, name, epsilon):
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred * centred).mean(-1, keepdims=True) + epsilon)
    return scaled * weights[name + ".weight"] + weights[name + ".bias"]


def softmax(scores):
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    return shares / shares.sum(-1, keepdims=True)


def erf(x):
    try:
        from scipy.special import erf as all_at_once

        return all_at_once(x)
    except ImportError:
        from math import erf as one

        return np.vectorize(one)(x)


def encoded(folder, weights, text):
    config = json.loads((Path(folder) / "config.json").read_text())
    heads, epsilon = config["num_attention_heads"], config["layer_norm_eps"]
    tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    tokenizer.encode_special_tokens = True
    tokenizer.no_padding()
    longest = Path(folder) / "sentence_bert_config.json"
    most = json.loads(longest.read_text())["max_seq_length"] if longest.exists() else 512
    tokenizer.enable_truncation(min(most, config["max_position_embeddings"]))
    ids = tokenizer.encode(text).ids
    count = len(ids)
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.token_type_embeddings.weight"][0]
    x = x + weights["embeddings.position_embeddings.weight"][:count]
    x = layer_norm(x, weights, "embeddings.LayerNorm", epsilon)

    def dense(value, name):
        return value @ weights[name + ".weight"].T + weights[name + ".bias"]

    for layer in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{layer}."
        of = name + "attention."
        q, k, v = (
            dense(x, of + "self." + part).reshape(count, heads, -1)
            for part in ("query", "key", "value")
        )
        shares = softmax(np.einsum("thd,shd->hts", q, k) / np.sqrt(q.shape[-1]))
        mixed = np.einsum("hts,shd->thd", shares, v).reshape(count, -1)
        x = layer_norm(dense(mixed, of + "output.dense") + x, weights, of + "output.LayerNorm", epsilon)
        up = dense(x, name + "intermediate.dense")
        up = up * (1 + erf(up / np.sqrt(2))) / 2
        x = layer_norm(dense(up, name + "output.dense") + x, weights, name + "output.LayerNorm", epsilon)
    mean = x.mean(0)
    return ids, mean / np.linalg.norm(mean)


YOUNG = "a7ce a7d2 a7d4 16ea0-16eb8 16121-16128 105c9 105e4 11383 11385 1138e 11391 113c5 113c7-113c8"
YOUNG += " 1171e 11938 16d68-16d6a"


def words(out):
    from tokenizers.normalizers import BertNormalizer
    from tokenizers.pre_tokenizers import BertPreTokenizer

    left_out = set(range(0xD800, 0xE000))
    for run in YOUNG.split():
        first, last = (int(end, 16) for end in (run.split("-") * 2)[:2])
        left_out |= set(range(first, last + 1))
    normalizer, cut = BertNormalizer(lowercase=True), BertPreTokenizer()
    lines = [f"# interop/hub/golden.py, tokenizers {version('tokenizers')} (Apache-2.0)", "block,hash"]
    for block in range(0, 0x110000, 0x1000):
        total = 0
        for c in range(block, block + 0x1000):
            if c in left_out:
                continue
            for word, _ in cut.pre_tokenize_str(normalizer.normalize_str("a" + chr(c) + "b")):
                for byte in word.encode() + b" ":
                    total = (total * 31 + byte) & 0xFFFFFFFF
        lines.append(f"{block:x},{total}")
    (out / "words.csv").write_text("\n".join(lines) + "\n")


def bert(text, out):
    from tokenizers import normalizers, pre_tokenizers, processors, trainers
    from tokenizers.models import WordPiece

    out.mkdir(parents=True, exist_ok=True)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=500, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator([Path(text).read_text()[:100000]], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    words, dim, hidden, heads, length = tokenizer.get_vocab_size(), 16, 32, 2, 48
    config = {
        "model_type": "bert",
        "hidden_size": dim,
        "intermediate_size": hidden,
        "num_hidden_layers": 2,
        "num_attention_heads": heads,
        "vocab_size": words,
        "max_position_embeddings": length,
        "type_vocab_size": 2,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "position_embedding_type": "absolute",
    }
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    modules = [("0", "", "Transformer"), ("1", "1_Pooling", "Pooling"), ("2", "2_Normalize", "Normalize")]
    modules = [
        {"idx": int(name), "name": name, "path": path, "type": "sentence_transformers.models." + kind}
        for name, path, kind in modules
    ]
    (out / "modules.json").write_text(json.dumps(modules) + "\n")
    (out / "1_Pooling").mkdir(exist_ok=True)
    pooling = {"word_embedding_dimension": dim, "pooling_mode_mean_tokens": True}
    (out / "1_Pooling" / "config.json").write_text(json.dumps(pooling) + "\n")
    (out / "sentence_bert_config.json").write_text('{"max_seq_length": 40}\n')
    random = np.random.default_rng(20261130)
    arrays = {}

    def matrix(name, rows, columns, dtype, size):
        arrays[name + ".weight"] = random.standard_normal((rows, columns)) * size, dtype

    def dense(name, rows, columns, dtype):
        matrix(name, rows, columns, dtype, 0.3)
        arrays[name + ".bias"] = random.standard_normal(rows) / 4, dtype

    def norm(name):
        arrays[name + ".weight"] = 1 + random.standard_normal(dim) / 4, "F32"
        arrays[name + ".bias"] = random.standard_normal(dim) / 4, "F32"

    matrix("embeddings.word_embeddings", words, dim, "BF16", 1)
    matrix("embeddings.position_embeddings", length, dim, "F16", 0.5)
    matrix("embeddings.token_type_embeddings", 2, dim, "F32", 0.5)
    norm("embeddings.LayerNorm")
    for layer in range(2):
        name = f"encoder.layer.{layer}."
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            dense(name + "attention." + part, dim, dim, "F16")
        norm(name + "attention.output.LayerNorm")
        dense(name + "intermediate.dense", hidden, dim, "F32")
        dense(name + "output.dense", dim, hidden, "BF16")
        norm(name + "output.LayerNorm")
    save(out, arrays)
    weights = tensors(out)
    lines = [
        f"# interop/hub/golden.py, tokenizers {version('tokenizers')} (Apache-2.0), numpy {np.__version__},"
        " float64; pieces learnt from WikiText-2 (CC BY-SA 3.0)",
        "text,ids,vector",
    ]
    for sentence in SENTENCES:
        ids, vector = encoded(out, weights, sentence)
        numbers = " ".join(repr(float(x)) for x in vector)
        lines.append(f"{sentence.encode().hex()},{' '.join(map(str, ids))},{numbers}")
    (out / "vectors.csv").write_text("\n".join(lines) + "\n")


def vectors(folder):
    weights = tensors(folder)
    for sentence in SENTENCES:
        ids, vector = encoded(folder, weights, sentence)
        print(f"{sentence.encode().hex()},{' '.join(map(str, ids))},{' '.join(map(repr, map(float, vector)))}")


IDS = [72, 101, 108, 108, 111, 257, 0, 44, 32, 119, 256, 100]


def bytes_tokenizer(out):
    from tokenizers import decoders, pre_tokenizers
    from tokenizers.models import BPE

    alphabet, beyond = [], 256
    for b in range(256):
        visible = 33 <= b <= 126 or 161 <= b and b != 173
        alphabet.append(chr(b if visible else beyond))
        beyond += not visible
    vocabulary = {token: id for id, token in enumerate(alphabet + ["<|end|>", "th"])}
    tokenizer = Tokenizer(BPE(vocabulary, [("t", "h")]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|end|>"])
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)


def scored(out, scores):
    lines = [f"# interop/hub/golden.py, numpy {np.__version__}, float64", f"ids {' '.join(map(str, IDS))}"]
    for position in (0, 5, 11):
        lines.append(f"{position},{' '.join(repr(float(score)) for score in scores[position])}")
    (out / "scores.csv").write_text("\n".join(lines) + "\n")


def qwen2(out):
    out.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(20261130)
    dim, hidden, heads, keys, words = 32, 48, 2, 1, 258
    head = dim // heads
    config = {
        "model_type": "qwen2",
        "hidden_size": dim,
        "intermediate_size": hidden,
        "num_hidden_layers": 1,
        "num_attention_heads": heads,
        "num_key_value_heads": keys,
        "vocab_size": words,
        "max_position_embeddings": 64,
        "rms_norm_eps": 1e-6,
        "rope_theta": 1000000.0,
        "tie_word_embeddings": True,
        "hidden_act": "silu",
        "use_sliding_window": False,
        "sliding_window": 64,
        "eos_token_id": 256,
    }
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    bytes_tokenizer(out)
    block = "model.layers.0."
    arrays = {}

    def matrix(name, rows, columns, dtype, size=0.3, bias=False):
        arrays[name + ".weight"] = random.standard_normal((rows, columns)) * size, dtype
        if bias:
            arrays[name + ".bias"] = random.standard_normal(rows), dtype

    def gains(name):
        arrays[name + ".weight"] = 1 + random.standard_normal(dim) / 4, "BF16"

    matrix("model.embed_tokens", words, dim, "BF16", 1)
    gains(block + "input_layernorm")
    matrix(block + "self_attn.q_proj", dim, dim, "BF16", bias=True)
    matrix(block + "self_attn.k_proj", keys * head, dim, "F16", bias=True)
    matrix(block + "self_attn.v_proj", keys * head, dim, "F32", bias=True)
    matrix(block + "self_attn.o_proj", dim, dim, "BF16")
    gains(block + "post_attention_layernorm")
    matrix(block + "mlp.gate_proj", hidden, dim, "BF16")
    matrix(block + "mlp.up_proj", hidden, dim, "F16")
    matrix(block + "mlp.down_proj", dim, hidden, "BF16")
    gains("model.norm")
    save(out, arrays)
    weights = tensors(out)
    count = len(IDS)

    def norm(x, name):
        return weights[name + ".weight"] * x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-6)

    def dense(x, name):
        return x @ weights[name + ".weight"].T + weights.get(name + ".bias", 0)

    angles = np.outer(np.arange(count), 1e6 ** (-2.0 * np.arange(head // 2) / head))
    cosine, sine = np.cos(angles)[:, None], np.sin(angles)[:, None]

    def turned(x):
        a, b = x[..., : head // 2], x[..., head // 2 :]
        return np.concatenate([a * cosine - b * sine, a * sine + b * cosine], -1)

    x = weights["model.embed_tokens.weight"][IDS]
    n = norm(x, block + "input_layernorm")
    q = turned(dense(n, block + "self_attn.q_proj").reshape(count, heads, head))
    k = turned(dense(n, block + "self_attn.k_proj").reshape(count, keys, head))
    v = dense(n, block + "self_attn.v_proj").reshape(count, keys, head)
    k, v = (np.repeat(t, heads // keys, 1) for t in (k, v))
    scores = np.einsum("thd,shd->hts", q, k) / np.sqrt(head)
    scores[:, np.triu(np.ones((count, count), bool), 1)] = -np.inf
    x = x + dense(np.einsum("hts,shd->thd", softmax(scores), v).reshape(count, dim), block + "self_attn.o_proj")
    n = norm(x, block + "post_attention_layernorm")
    gate = dense(n, block + "mlp.gate_proj")
    x = x + dense(gate / (1 + np.exp(-gate)) * dense(n, block + "mlp.up_proj"), block + "mlp.down_proj")
    scored(out, norm(x, "model.norm") @ weights["model.embed_tokens.weight"].T)


def gpt2(out):
    out.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(20261130)
    dim, heads, words, layers, length = 24, 3, 258, 2, 64
    config = {
        "model_type": "gpt2",
        "n_embd": dim,
        "n_head": heads,
        "n_layer": layers,
        "n_inner": None,
        "n_positions": length,
        "vocab_size": words,
        "layer_norm_epsilon": 1e-5,
        "activation_function": "gelu_new",
        "eos_token_id": 256,
    }
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    bytes_tokenizer(out)
    arrays = {
        "wte.weight": (random.standard_normal((words, dim)), "F16"),
        "wpe.weight": (random.standard_normal((length, dim)) / 2, "BF16"),
    }

    def dense(name, terms, rows, dtype):
        arrays[name + ".weight"] = random.standard_normal((terms, rows)) * 0.3, dtype
        arrays[name + ".bias"] = random.standard_normal(rows) / 4, dtype

    def norm(name):
        arrays[name + ".weight"] = 1 + random.standard_normal(dim) / 4, "F32"
        arrays[name + ".bias"] = random.standard_normal(dim) / 4, "F32"

    for layer in range(layers):
        block = f"h.{layer}."
        norm(block + "ln_1")
        dense(block + "attn.c_attn", dim, 3 * dim, "BF16")
        dense(block + "attn.c_proj", dim, dim, "F16")
        norm(block + "ln_2")
        dense(block + "mlp.c_fc", dim, 4 * dim, "BF16")
        dense(block + "mlp.c_proj", 4 * dim, dim, "F16")
    norm("ln_f")
    save(out, arrays)
    weights = tensors(out)
    count = len(IDS)

    def product(x, name):
        return x @ weights[name + ".weight"] + weights[name + ".bias"]

    x = weights["wte.weight"][IDS] + weights["wpe.weight"][:count]
    for layer in range(layers):
        block = f"h.{layer}."
        n = layer_norm(x, weights, block + "ln_1", 1e-5)
        parts = np.split(product(n, block + "attn.c_attn"), 3, -1)
        q, k, v = (part.reshape(count, heads, -1) for part in parts)
        scores = np.einsum("thd,shd->hts", q, k) / np.sqrt(dim / heads)
        scores[:, np.triu(np.ones((count, count), bool), 1)] = -np.inf
        mixed = np.einsum("hts,shd->thd", softmax(scores), v).reshape(count, dim)
        x = x + product(mixed, block + "attn.c_proj")
        up = product(layer_norm(x, weights, block + "ln_2", 1e-5), block + "mlp.c_fc")
        up = up / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (up + 0.044715 * up**3)))
        x = x + product(up, block + "mlp.c_proj")
    scored(out, layer_norm(x, weights, "ln_f", 1e-5) @ weights["wte.weight"].T)


def tokens(folder, text):
    tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    tokenizer.encode_special_tokens = True
    tokenizer.no_padding()
    tokenizer.no_truncation()
    total, ids = 0, tokenizer.encode(Path(text).read_text(), add_special_tokens=False).ids
    for id in ids:
        total = (total * 31 + id) & 0xFFFFFFFF
    print(len(ids), "tokens, hash", total)


PIECES = [
    "The thing thaws; so it goes.",
    " two  spaces   three",
    "é, 日本語 and 🙂 are bytes",
    "",
    " ",
    "   ",
    "a",
    "tab\tand\nline",
    "▁ literal ▁▁ signs",
    "<0x41> <s> </s> are text",
    "products of the register of the registers",
    "\u00a0no-break\u2003em",
    "e\u0301 is no é",
]


def pieces(out, texts):
    from tokenizers import decoders, normalizers, pre_tokenizers, trainers
    from tokenizers.models import BPE

    out.mkdir(parents=True, exist_ok=True)
    learner = Tokenizer(BPE())
    learner.pre_tokenizer = pre_tokenizers.Metaspace()
    learner.train_from_iterator(
        [Path(text).read_text() for text in texts],
        trainers.BpeTrainer(vocab_size=260, limit_alphabet=60, show_progress=False),
    )
    learnt = json.loads(learner.to_str())["model"]
    marks = ["<unk>", "<s>", "</s>"]
    names = marks + [f"<0x{b:02X}>" for b in range(256)] + sorted(learnt["vocab"], key=learnt["vocab"].get)
    vocabulary = {token: id for id, token in enumerate(names)}
    merges = [tuple(merge) for merge in learnt["merges"]]
    back = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    ways = {
        "prepended": None,
        "always": pre_tokenizers.Metaspace("▁", "always", False),
        "first": pre_tokenizers.Metaspace("▁", "first", True),
        "never": pre_tokenizers.Metaspace("▁", "never", False),
    }
    lines = [f"# interop/hub/golden.py, tokenizers {version('tokenizers')}: way, text in JSON, tokens"]
    for way, cut in ways.items():
        made = Tokenizer(BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
        if cut is None:
            made.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
        else:
            made.pre_tokenizer = cut
        made.decoder = decoders.Sequence(back)
        made.add_special_tokens(marks)
        made.save(str(out / f"{way}.json"), pretty=False)
        made.encode_special_tokens = True
        for text in PIECES:
            ids = made.encode(text, add_special_tokens=False).ids
            lines.append(f"{way}\t{json.dumps(text)}\t{' '.join(map(str, ids))}")
    (out / "tokens.csv").write_text("\n".join(lines) + "\n")


GAMMA, MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1


def mixed(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


def bits(seed, part, counter):
    key = mixed((mixed((seed + GAMMA) & MASK) ^ part) + GAMMA & MASK)
    return mixed(key + (counter + 1) * GAMMA & MASK)


def triples(text, of_article):
    import re

    paragraphs, article = [], 0
    for line in text.split("\n"):
        if re.fullmatch(r" *= [^=](?:.*[^=])? = *", line):
            article += 1
        elif line.strip() and not re.fullmatch(r" *=.*= *", line):
            sentences = []
            for sentence in re.split(r"(?<= [.!?]) ", line):
                sentence = sentence.strip()
                for cut, joined in ((" @-@ ", "-"), (" @,@ ", ","), (" @.@ ", ".")):
                    sentence = sentence.replace(cut, joined)
                if 8 <= len(sentence.split(" ")) <= 40 and "<unk>" not in sentence:
                    sentences.append(sentence)
            paragraphs.append((article, sentences))
    every = [(of, sentence) for of, sentences in paragraphs for sentence in sentences]
    made = []
    for of, sentences in paragraphs:
        if len(sentences) < 2:
            continue
        part = len(made)

        def below(bound, counter):
            return bits(1, part, counter) * bound >> 64

        anchor = sentences[below(len(sentences), 0)]
        if of_article:
            others = [sentence for a, sentence in every if a == of and sentence != anchor]
            near = others[below(len(others), 1)]
        else:
            rest = list(range(len(sentences)))
            del rest[below(len(sentences), 0)]
            near = sentences[rest[below(len(rest), 1)]]
        far = [sentence for a, sentence in every if a != of]
        made.append((bits(1, part, 3), anchor, near, far[below(len(far), 2)]))
    return [triple[1:] for triple in sorted(made, key=lambda triple: triple[0])]


def similarity(folder, text, count, of_article):
    weights, known, right = tensors(folder), {}, 0
    chosen = triples(Path(text).read_text(), of_article)
    for triple in chosen[:count]:
        for sentence in triple:
            if sentence not in known:
                known[sentence] = encoded(folder, weights, sentence)[1]
        anchor, near, far = (known[sentence] for sentence in triple)
        right += anchor @ near > anchor @ far
    count = min(count, len(chosen))
    print(f"{right} of {count} triples, {100 * right / count:.2f} %, of {len(chosen)}; {len(known)} sentences")


if __name__ == "__main__":
    given = sys.argv[2:]
    match sys.argv[1]:
        case "bert":
            bert(given[0], Path(given[1]))
        case "qwen2":
            qwen2(Path(given[0]))
        case "gpt2":
            gpt2(Path(given[0]))
        case "words":
            words(Path(given[0]))
        case "pieces":
            pieces(Path(given[0]), given[1:])
        case "vectors":
            vectors(given[0])
        case "similarity":
            similarity(given[0], given[1], int(given[2]), given[3:] == ["near-of-article"])
        case "tokens":
            tokens(given[0], given[1])
