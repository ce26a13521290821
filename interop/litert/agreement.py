"""Whether LiteRT's reference kernels and Narrows give the same output codes on CIFAR-10's test images.

agreement.py MODEL.tflite --images 10000 --batches test_batch.bin --narrows ../../narrows
For an int8 model of 32x32x3 pixels, code = pixel - 128: MLPerf Tiny's ResNet-8, and its repaired copies.
"""
import argparse
import pathlib
import shlex
import subprocess
import tempfile

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType


def images(file, count):
    rows = np.fromfile(file, np.uint8).reshape(-1, 3073)[:count]
    pixels = rows[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return rows[:, 0], (pixels.astype(np.int16) - 128).astype(np.int8)


def litert(model, codes):
    runtime = Interpreter(str(model), experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    runtime.allocate_tensors()
    source = runtime.get_input_details()[0]["index"]
    made = runtime.get_output_details()[0]["index"]
    outputs = []
    for image in codes:
        runtime.set_tensor(source, image[None])
        runtime.invoke()
        outputs.append(runtime.get_tensor(made)[0].copy())
    return np.array(outputs)


def narrows(command, model, codes):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        np.save(folder / "x.npy", codes)
        run = [*shlex.split(command), "run", str(model), "--input", str(folder / "x.npy")]
        subprocess.run([*run, "--out", str(folder / "out"), "--threads", "1"], check=True, stdout=subprocess.DEVNULL)
        (file,) = (folder / "out").glob("*.npy")
        return np.load(file).reshape(len(codes), -1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--images", type=int, default=10000)
    parser.add_argument("--batches", type=pathlib.Path, required=True, help="CIFAR-10's test_batch.bin")
    parser.add_argument("--narrows", default="../../narrows")
    arguments = parser.parse_args()
    labels, codes = images(arguments.batches, arguments.images)
    ours = narrows(arguments.narrows, arguments.model, codes)
    theirs = litert(arguments.model, codes)
    same = (ours == theirs).all(axis=1)
    correct = (theirs.argmax(axis=1) == labels).sum()
    print(f"{arguments.model.name}: {same.sum()} of {len(codes)} images alike in every output code;"
          f" {100 * correct / len(codes):.2f} % right")
    raise SystemExit(0 if same.all() else 1)
