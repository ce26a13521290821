"""Small transformers of Hugging Face's library, as ONNX Runtime's own optimiser rewrites them:

    python stranger_transformers.py FOLDER

FOLDER gets <model>.<exporter>.onnx, the same fused (.opt: Attention, SkipLayerNormalization, BiasGelu …;
.mha: MultiHeadAttention), quantised dynamically behind that (.dyn: QAttention …) and in float16
(.half), and three inputs in an .npz beside each. Configurations are tiny, weights random (seed 0).
Needs torch, onnxruntime and transformers 5. stranger.py goes on from there.
"""

import logging
import pathlib
import sys
import warnings

import numpy as np
import torch
import transformers as t
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model

LENGTH, CALLS = 12, 3
TEXT = dict(hidden_size=32, num_attention_heads=4, num_hidden_layers=2, intermediate_size=64, vocab_size=100)
BERT = dict(TEXT, max_position_embeddings=32)
PICTURE = dict(hidden_size=32, num_attention_heads=4, num_hidden_layers=2, intermediate_size=64, image_size=32)


class Picked(torch.nn.Module):
    """A model with its inputs in a row and one output."""

    def __init__(self, model, names, output):
        super().__init__()
        self.model, self.names, self.output = model, names, output

    def forward(self, *inputs):
        return getattr(self.model(**dict(zip(self.names, inputs))), self.output)


def ids():
    return torch.randint(3, 99, (1, LENGTH))


def mask():
    return torch.cat([torch.ones(1, LENGTH - 3), torch.zeros(1, 3)], 1).long()


def picture():
    return torch.randn(1, 3, 32, 32)


HIDDEN, LOGITS = "last_hidden_state", "logits"
IDS, MASKED = {"input_ids": ids}, {"input_ids": ids, "attention_mask": mask}
# model, inputs, output, the optimiser's family
MODELS = {
    "bert": (lambda: t.BertModel(t.BertConfig(**BERT)), MASKED, HIDDEN, "bert"),
    "roberta": (lambda: t.RobertaModel(t.RobertaConfig(**BERT)), MASKED, HIDDEN, "bert"),
    "electra": (lambda: t.ElectraModel(t.ElectraConfig(embedding_size=32, **BERT)), MASKED, HIDDEN, "bert"),
    "albert": (lambda: t.AlbertModel(t.AlbertConfig(embedding_size=16, **BERT)), IDS, HIDDEN, "bert"),
    "distilbert": (
        lambda: t.DistilBertModel(t.DistilBertConfig(dim=32, n_heads=4, n_layers=2, hidden_dim=64, vocab_size=100)),
        MASKED,
        HIDDEN,
        "bert",
    ),
    "t5_encoder": (
        lambda: t.T5EncoderModel(t.T5Config(d_model=32, d_kv=8, d_ff=64, num_layers=2, num_heads=4, vocab_size=100)),
        IDS,
        HIDDEN,
        "bert",
    ),
    "gpt2": (
        lambda: t.GPT2LMHeadModel(t.GPT2Config(n_embd=32, n_head=4, n_layer=2, vocab_size=100, use_cache=False)),
        IDS,
        LOGITS,
        "gpt2",
    ),
    "llama": (
        lambda: t.LlamaForCausalLM(t.LlamaConfig(**BERT, num_key_value_heads=2, use_cache=False)),
        IDS,
        LOGITS,
        "gpt2",
    ),
    "vit": (lambda: t.ViTModel(t.ViTConfig(patch_size=8, **PICTURE)), {"pixel_values": picture}, HIDDEN, "vit"),
    "clip_vision": (
        lambda: t.CLIPVisionModel(t.CLIPVisionConfig(patch_size=8, **PICTURE)),
        {"pixel_values": picture},
        HIDDEN,
        "clip",
    ),
}


def export(model, file, exporter, inputs, example):
    more = {}
    if exporter == "dynamo":
        more.update(external_data=False, verbose=False)
    elif "input_ids" in inputs:
        more["dynamic_axes"] = {name: {0: "batch", 1: "sequence"} for name in inputs}
    with torch.no_grad():
        torch.onnx.export(
            model, example, str(file), dynamo=exporter == "dynamo", opset_version=18, input_names=list(inputs), **more
        )


def fused(file, family, heads):
    options = FusionOptions(family)
    options.use_multi_head_attention = heads
    return optimize_model(str(file), family, num_heads=4, hidden_size=32, opt_level=0, optimization_options=options)


def forms(file, family):
    """The file, and what the runtime's tools make of it."""
    yield file
    for form in ("opt", "mha"):
        to = file.with_suffix(f".{form}.onnx")
        fused(file, family, form == "mha").save_model_to_file(str(to))
        yield to
        quantised = to.with_suffix(".dyn.onnx")
        options = {"DefaultTensorType": 1}  # float32, where shape inference gives up
        quantize_dynamic(str(to), str(quantised), weight_type=QuantType.QInt8, extra_options=options)
        yield quantised
    half = fused(file, family, False)
    half.convert_float_to_float16(keep_io_types=True)
    half.save_model_to_file(str(file.with_suffix(".half.onnx")))
    yield file.with_suffix(".half.onnx")


def main(folder):
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    folder.mkdir(parents=True, exist_ok=True)
    for name, (make, inputs, output, family) in MODELS.items():
        torch.manual_seed(0)
        made = make()
        made.set_attn_implementation("eager")  # what the optimiser's patterns know
        model = Picked(made, list(inputs), output).eval()
        calls = [[kind() for kind in inputs.values()] for _ in range(CALLS)]
        data = {key: np.concatenate([call[i].numpy() for call in calls]) for i, key in enumerate(inputs)}
        for exporter in ("script", "dynamo"):
            file = folder / f"{name}.{exporter}.onnx"
            try:
                export(model, file, exporter, inputs, tuple(calls[0]))
                for written in forms(file, family):
                    np.savez(written.with_suffix(".npz"), **data)
            except Exception as problem:  # an exporter's or optimiser's own
                print(f"{name} {exporter}: {type(problem).__name__}", flush=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
