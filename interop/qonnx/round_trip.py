"""An A2Q+ network as QONNX, computed by QONNX's executor, read back and certified again.

    python interop/qonnx/round_trip.py --narrows ./narrows --bits 13 fixtures/first-design/runs/a2qplus

`narrows export --to qonnx`, then three computations of the same seeded random input codes, compared
with ==: the network itself, QONNX's executor on the file, and Narrows on the file that it reads back.
`narrows certify` must hold on the file at --bits and fail one bit below; `narrows analyze` must find
the registers that the file states. Exit 1 if anything differs. Needs `pip install qonnx`.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
from importlib.metadata import version

import numpy as np
import onnx
from qonnx.core.modelwrapper import ModelWrapper
from qonnx.core.onnx_exec import execute_onnx


def exit_code(launcher, *arguments):
    return subprocess.run([launcher, *map(str, arguments)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode


def outputs(launcher, model, inputs, folder, *more):
    made = subprocess.run([launcher, "run", str(model), "--input", str(inputs), "--layout", "nchw",
                           "--all-tensors", "--out", str(folder), *more], stdout=subprocess.DEVNULL)
    made.check_returncode()
    last = max(folder.glob("*.npy"), key=lambda path: int(path.stem.split("_")[0]))
    return np.load(last).astype(np.int64).reshape(np.load(last).shape[0], -1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--narrows", default="./narrows", help="the launcher")
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bits", type=int, required=True, help="what the network is certified at")
    parser.add_argument("run", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        file = folder / "network.onnx"
        subprocess.run([arguments.narrows, "export", str(arguments.run), "--to", "qonnx", "--out",
                        str(file)], check=True, stdout=subprocess.DEVNULL)
        onnx.checker.check_model(onnx.load(file))
        model = ModelWrapper(str(file))
        given = model.graph.input[0].name
        datatype = model.get_tensor_datatype(given)
        shape = (arguments.images, *model.get_tensor_shape(given)[1:])
        random = np.random.default_rng(arguments.seed)
        inputs = random.integers(int(datatype.min()), int(datatype.max()) + 1, shape, np.int32)
        np.save(folder / "inputs.npy", inputs)
        own = outputs(arguments.narrows, arguments.run, folder / "inputs.npy", folder / "own")
        back = outputs(arguments.narrows, file, folder / "inputs.npy", folder / "back",
                       "--preprocess", "none")
        result = model.graph.output[0].name
        theirs = np.concatenate([
            execute_onnx(model, {given: image[None].astype(np.float32)})[result].reshape(1, -1)
            for image in inputs])
        executor = int(np.sum(theirs != own))
        reader = int(np.sum(back != own))
        codes = [exit_code(arguments.narrows, "certify", file, "--bits", arguments.bits),
                 exit_code(arguments.narrows, "certify", file, "--bits", arguments.bits - 1),
                 exit_code(arguments.narrows, "analyze", file)]
    print("qonnx %s, onnx %s, numpy %s; %d images of seed %d, %d integers" % (
        version("qonnx"), onnx.__version__, np.__version__, arguments.images, arguments.seed,
        own.size))
    print("differing: QONNX's executor %d, read back %d" % (executor, reader))
    print("exit codes: certify at %d bits %d, at %d bits %d; analyze %d" % (
        arguments.bits, codes[0], arguments.bits - 1, codes[1], codes[2]))
    sys.exit(0 if executor == reader == 0 and codes == [0, 3, 0] else 1)


if __name__ == "__main__":
    main()
