"""What Narrows makes of files that strangers bring, beside ONNX Runtime:

    python stranger.py quantise FOLDER       adds what the runtime's quantisers make of the files there
    python stranger.py commands FOLDER       prints the words of a `run` for every file
    python stranger.py compare FOLDER        prints a table of what those runs wrote

FOLDER holds <network>.<exporter>.onnx and inputs in an .npz beside each (stranger_networks.py), and
gets a folder out/ with what `run` writes. Needs numpy, onnx and onnxruntime 1.29.0. Allowed is the
larger of the spread of the runtime's optimisation levels and 1e-4 of an output's range; for files with
float16 inside, 2^-9 of the largest value.
"""

import collections
import pathlib
import re
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime as ort
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

LEVELS = ["ORT_ENABLE_EXTENDED", "ORT_DISABLE_ALL", "ORT_ENABLE_BASIC", "ORT_ENABLE_ALL"]
TYPES = {"tensor(float16)": np.float16, "tensor(double)": np.float64, "tensor(int64)": np.int64}
S8, U8 = QuantType.QInt8, QuantType.QUInt8
QUANTISED = re.compile(
    r"(lstm|gru|rnn_tanh|transformer_encoder|unet|unet_bilinear|audio|wavenet|video|depthwise|pixel_shuffle|text_mean"
    r"|layer_norm|group_norm|instance_norm|activations|adaptive_pools|cnn_dynamic|cnn_opset11|cnn_opset13|cnn_opset21"
    r"|multihead_attention|gpt_block|llama_block|autoencoder|gan_generator|espcn|squeeze_excite|film|resizes|functions"
    r"|topk_head|padding_reflect|einsum|resnet18|mobilenet_v2|mobilenet_v3_small)\.(script|dynamo)"
)


class Calls(CalibrationDataReader):
    def __init__(self, data):
        count = len(next(iter(data.values())))
        self.calls = iter([{name: rows[i : i + 1] for name, rows in data.items()} for i in range(count)])

    def get_next(self):
        return next(self.calls, None)


def static(form, activations, weights, channels):
    return lambda source, to, data: quantize_static(
        source,
        to,
        Calls(data),
        quant_format=form,
        activation_type=activations,
        weight_type=weights,
        per_channel=channels,
    )


def dynamic(weights, channels):
    return lambda source, to, data: quantize_dynamic(source, to, weight_type=weights, per_channel=channels)


def nbits(source, to, data):
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    quantizer = MatMulNBitsQuantizer(onnx.load(source), bits=4, block_size=32, is_symmetric=True)
    quantizer.process()
    quantizer.model.save_model_to_file(to, False)


def half(source, to, data):
    from onnxruntime.transformers.float16 import convert_float_to_float16

    onnx.save(convert_float_to_float16(onnx.load(source), keep_io_types=True), to)


FORMS = {
    "qdq": static(QuantFormat.QDQ, U8, S8, False),
    "qdq-pc": static(QuantFormat.QDQ, U8, S8, True),
    "qdq-s8": static(QuantFormat.QDQ, S8, S8, True),
    "qop": static(QuantFormat.QOperator, U8, U8, False),
    "qop-pc": static(QuantFormat.QOperator, U8, S8, True),
    "dyn": dynamic(S8, False),
    "dyn-pc": dynamic(S8, True),
    "dyn-u8": dynamic(U8, False),
    "nbits4": nbits,
    "half": half,
}


def quantise(folder):
    for file in sorted(folder.glob("*.onnx")):
        if not QUANTISED.fullmatch(file.stem):
            continue
        data = dict(np.load(file.with_suffix(".npz")))
        with tempfile.TemporaryDirectory() as temporary:
            prepared = pathlib.Path(temporary) / "prepared.onnx"
            try:
                quant_pre_process(str(file), str(prepared))
            except Exception:  # shape inference of the runtime's own; the quantisers take the file as it is
                prepared = file
            for form, make in FORMS.items():
                to = folder / f"{file.stem}.{form}.onnx"
                try:
                    make(str(prepared), str(to), data)
                    np.savez(to.with_suffix(".npz"), **data)
                except Exception as problem:
                    to.unlink(missing_ok=True)
                    print(f"{file.stem} {form}: not made: {type(problem).__name__}", flush=True)


def sizes(file, data):
    """--shape for dimensions that the file leaves free."""
    for entry in onnx.load(file, load_external_data=False).graph.input:
        for axis, dim in enumerate(entry.type.tensor_type.shape.dim):
            if axis > 0 and entry.name in data and not dim.HasField("dim_value"):
                yield f"--shape {entry.name}.{axis}={data[entry.name].shape[axis]}"


def commands(folder):
    for file in files(folder):
        data = np.load(file.with_suffix(".npz"))
        shapes = " ".join(sizes(file, data))
        print(
            f"run {file} {shapes} --input {file.with_suffix('.npz')} --preprocess none --out {folder}/out/{file.stem}"
        )


def files(folder):
    return [file for file in sorted(folder.glob("*.onnx")) if file.with_suffix(".npz").exists()]


def theirs(file, level):
    """Output names, and their arrays call by call."""
    options = ort.SessionOptions()
    options.graph_optimization_level = getattr(ort.GraphOptimizationLevel, level)
    options.log_severity_level = 4
    session = ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    data = np.load(file.with_suffix(".npz"))
    types = {entry.name: TYPES.get(entry.type) for entry in session.get_inputs()}
    calls = []
    for call in range(len(data[next(iter(types))])):
        rows = {name: data[name][call : call + 1] for name in types}
        calls.append(session.run(None, {name: row.astype(types[name] or row.dtype) for name, row in rows.items()}))
    return [entry.name for entry in session.get_outputs()], calls


def ours(folder, name, calls):
    """What run wrote of an output, call by call: a file, or a file a call where shapes differ."""
    plain = re.sub("[^A-Za-z0-9._-]", "_", name)
    found = {file.name.split("_", 1)[1]: file for file in folder.glob("*.npy")}
    if plain + ".npy" in found:
        return list(np.load(found[plain + ".npy"]))
    return [np.load(found[f"{plain}.{call}.npy"]) for call in range(calls)]


def apart(a, b):
    a, b = np.ravel(a).astype(np.float64), np.ravel(b).astype(np.float64)
    if a.size != b.size or not (np.isfinite(a) == np.isfinite(b)).all():
        return np.inf
    return np.abs(a - b)[np.isfinite(a)].max(initial=0)


def compared(file, out):
    """The largest difference, what is allowed, and whether all is well."""
    levels = []
    for level in LEVELS:
        try:
            levels.append(theirs(file, level)[1])
        except Exception:  # some levels refuse what others take
            pass
    if not levels:
        return "refused by ONNX Runtime", None
    names, first = theirs(file, LEVELS[0])
    worst, fits = 0.0, True
    for k, name in enumerate(names):
        expected = [call[k] for call in first]
        got = ours(out, name, len(expected))
        numbers = np.concatenate([np.ravel(e).astype(np.float64) for e in expected])
        numbers = numbers[np.isfinite(numbers)]
        spread = max(apart(e, call[k]) for level in levels for e, call in zip(expected, level))
        allowed = max(spread, 1e-4 * np.ptp(numbers)) if numbers.size else 0
        if "half" in file.stem:
            allowed = max(allowed, 2**-9 * np.abs(numbers).max())
        difference = max(apart(g, e) for g, e in zip(got, expected))
        worst, fits = max(worst, difference), fits and difference <= allowed
    return ("within" if fits else "beyond"), worst


def compare(folder):
    networks = collections.defaultdict(dict)
    for file in files(folder):
        out = folder / "out" / file.stem
        cell = compared(file, out) if out.exists() else ("refused", None)
        network, form = file.stem.split(".", 1)
        networks[network][form] = cell
        print(f"{file.stem}: {cell}", file=sys.stderr, flush=True)
    print("network,file,result,largest difference")
    for network, forms in networks.items():
        for form, (result, worst) in forms.items():
            print(f"{network},{form},{result},{'' if worst is None else '%.1e' % worst}")


if __name__ == "__main__":
    ort.set_default_logger_severity(4)
    {"quantise": quantise, "commands": commands, "compare": compare}[sys.argv[1]](pathlib.Path(sys.argv[2]))
