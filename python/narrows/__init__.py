"""Narrows from Python: how many bits do the sums of a neural network need?

Every number is computed by Narrows itself, in a resident process; this package only carries
questions there and answers back.

>>> import narrows
>>> narrows.dot([[100, 100, -100]], [[1, 1, 1]], "int8:saturate")
array([[27]])
>>> narrows.dot([[100, 100, -100]], [[1, 1, 1]], "int8:saturate:sorted")
array([[100]])
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from typing import Any, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._arrays import Exchange
from ._errors import MissingRuntimeError, NarrowsError, WorkerDiedError
from ._version import VERSION as __version__
from ._worker import WORKER

__all__ = [
    "MissingRuntimeError",
    "NarrowsError",
    "Result",
    "WorkerDiedError",
    "__version__",
    "analyze",
    "bounds",
    "certify",
    "close",
    "command",
    "dot",
    "evaluate",
    "profile",
    "repair",
    "verify",
    "version",
]

PathLike = Union[str, "os.PathLike[str]"]
#: A known set, a file or a folder, as --data takes it; or images, or images with their labels.
Data = Union[PathLike, NDArray[Any], tuple[ArrayLike, ArrayLike]]

_NOT_GUARANTEED = 3
_REGISTERS: dict[str, dict[str, Any]] = {}


class Result(dict[str, Any]):
    """The JSON of a command's result, with what the command said besides.

    ``holds`` is whether the guarantee that was asked for holds, if any was; ``notes`` are the
    lines that the command line prints beside its result.
    """

    holds: bool
    notes: list[str]

    def __init__(self, values: dict[str, Any], holds: bool, notes: list[str]) -> None:
        super().__init__(values)
        self.holds = holds
        self.notes = notes


def version() -> str:
    """The version of the Narrows that answers."""
    return str(WORKER.call("hello")["version"])


def close() -> None:
    """Ends the resident process; the next call starts another."""
    WORKER.close()


def command(*words: object) -> tuple[int, str, str]:
    """Runs any command of Narrows, as in ``command("lanes", "--reduction", "vpmaddubsw")``.

    Returns its exit code, and what it said on standard output and on standard error.
    """
    answer = WORKER.call("command", words=[_word(word) for word in words])
    return int(answer["exit"]), str(answer["out"]), str(answer["err"])


def analyze(
    model: PathLike,
    data: Data | None = None,
    *,
    target: str | int | None = None,
    limit: int | None = None,
    channels: bool = False,
    **options: object,
) -> Result:
    """The widths that no input can exceed, per layer; with data also what the data need.

    ``target`` asks for a verdict first, such as ``16``: ``holds`` says whether the network is safe.
    Further options are those of ``narrows analyze --help``, with underscores for hyphens.
    """
    return _command(
        "analyze",
        [model],
        data,
        {"target": target, "limit": limit, "channels": channels, **options},
    )


def evaluate(
    model: PathLike,
    data: Data,
    accumulators: str | Iterable[str],
    *,
    limit: int | None = None,
    **options: object,
) -> Result:
    """The accuracy of a network in each register, bit for bit.

    ``accumulators`` is one text, such as ``"int16:saturate:sorted"``, or several. A file of
    registers by layer goes into ``accumulators_file``.
    """
    if "accumulators_file" in options:
        options["accumulators"] = options.pop("accumulators_file")
    texts = [accumulators] if isinstance(accumulators, str) else list(accumulators)
    return _command("evaluate", [model], data, {"accumulator": texts, "limit": limit, **options})


def certify(model: PathLike, bits: int | None = None, **options: object) -> Result:
    """The proof that registers of so many bits cannot overflow, or the channel that says no.

    ``holds`` says which.
    """
    return _command("certify", [model], None, {"bits": bits, **options})


def verify(model: PathLike, certificate: PathLike, **options: object) -> Result:
    """Checks a certificate again, by a checker that shares no code with what wrote it."""
    return _command("verify", [model, certificate], None, dict(options))


def repair(
    model: PathLike,
    bits: int | None = None,
    data: Data | None = None,
    out: PathLike | None = None,
    *,
    limit: int | None = None,
    **options: object,
) -> Result:
    """Makes a network safe in registers of so many bits without training.

    ``data`` are inputs to calibrate on; ``out`` is the file of the repaired network.
    """
    return _command("repair", [model], data, {"bits": bits, "out": out, "limit": limit, **options})


def dot(
    weights: ArrayLike, inputs: ArrayLike, register: str, *, groups: int = 1
) -> NDArray[Any]:
    """Every dot product of rows of weights with rows of inputs, in a register.

    ``weights`` are [channels][K] and ``inputs`` [n][K]; the result is [n][channels], int64, or
    float32 in a floating-point register. Products are summed from k = 0 on, in the register's
    order. Inputs may also be blocks of columns, [blocks][groups · K][columns], as
    ``torch.nn.functional.unfold`` makes them; the result is [blocks][channels][columns] then. One
    row of either kind may be a plain vector.

    ``register`` is a text such as ``"int16:saturate:sorted"``: see docs/accumulators.md.
    """
    w, x, plain = _operands(weights, inputs)
    known = _known(register)
    floats = not known["takesIntegers"] or (
        known["takesFloats"] and (w.dtype.kind == "f" or x.dtype.kind == "f")
    )
    shape = (x.shape[0], w.shape[0], x.shape[2]) if x.ndim == 3 else (x.shape[0], w.shape[0])
    with Exchange() as exchange:
        out, result = exchange.make(shape, np.float32 if floats else np.int64)
        WORKER.call(
            "dot",
            register=register,
            weights=exchange.give(w, "weights"),
            inputs=exchange.give(x, "inputs"),
            out=out,
            groups=groups,
        )
        return _plain(np.array(result), plain)


def profile(
    weights: ArrayLike,
    inputs: ArrayLike,
    order: str = "sequential",
    *,
    channels: bool = False,
    groups: int = 1,
) -> dict[str, Any]:
    """How every dot product of ``dot`` fares in registers of every width, in one pass.

    The answer holds ``dots``, ``order`` and arrays by width: ``bits``, and how many dot products
    are ``clean``, ``transient`` (the sum fits, a running sum does not) and ``persistent``; with
    ``channels`` also ``channels``, the same counts of each channel, [channels][widths][3].
    """
    w, x, _ = _operands(weights, inputs)
    with Exchange() as exchange:
        out, counts = exchange.make((1 + w.shape[0], 63, 3), np.int64)
        answer = WORKER.call(
            "profile",
            order=order,
            weights=exchange.give(w, "weights"),
            inputs=exchange.give(x, "inputs"),
            out=out,
            groups=groups,
        )
        widest = max(32, int(answer["widest"]))
        kept = np.array(counts[:, : widest - 1])
    result: dict[str, Any] = {
        "order": answer["order"],
        "dots": answer["dots"],
        "bits": np.arange(2, widest + 1),
        "clean": kept[0, :, 0],
        "transient": kept[0, :, 1],
        "persistent": kept[0, :, 2],
    }
    if channels:
        result["channels"] = kept[1:]
    return result


def bounds(weights: ArrayLike, input_range: tuple[int, int]) -> dict[str, Any]:
    """The register widths that no inputs in a range can exceed, in any order.

    ``weights`` are [channels][K]. The answer holds ``dataType``, ``l1``, perhaps ``zeroCentred``,
    and ``signSum``, the exact one, for all channels; and of each channel ``channels``, its exact
    width, and ``lo`` and ``hi``, the least and greatest sum of any of its terms.
    """
    w = np.atleast_2d(np.asarray(weights))
    low, high = input_range
    with Exchange() as exchange:
        answer = WORKER.call(
            "bounds", weights=exchange.give(w, "weights"), low=int(low), high=int(high)
        )
    answer.pop("id")
    for key in ("channels", "lo", "hi"):
        answer[key] = np.array(answer[key], dtype=np.int64)
    return answer


def _known(register: str) -> dict[str, Any]:
    """What a register is for, asked once."""
    if register not in _REGISTERS:
        _REGISTERS[register] = WORKER.call("register", register=register)
    return _REGISTERS[register]


def _operands(
    weights: ArrayLike, inputs: ArrayLike
) -> tuple[NDArray[Any], NDArray[Any], tuple[bool, bool]]:
    w = np.asarray(weights)
    x = np.asarray(inputs)
    plain = (w.ndim == 1, x.ndim == 1)
    return np.atleast_2d(w), np.atleast_2d(x), plain


def _plain(result: NDArray[Any], plain: tuple[bool, bool]) -> NDArray[Any]:
    if plain[0]:
        result = result[:, 0]
    return result[0] if plain[1] else result


def _command(
    name: str, places: Sequence[PathLike], data: Data | None, options: dict[str, object]
) -> Result:
    with Exchange() as exchange:
        words: list[object] = [name, *places, "--format", "json"]
        if data is not None:
            words += ["--data", _data(exchange, data)]
        for key, value in options.items():
            option = "--" + key.replace("_", "-")
            if value is None or value is False:
                continue
            if value is True:
                words.append(option)
            elif isinstance(value, (list, tuple)):
                for each in value:
                    words += [option, each]
            else:
                words += [option, value]
        code, out, err = command(*words)
    notes = err.splitlines()
    if code not in (0, _NOT_GUARANTEED) or not out.strip():
        told = [line for line in notes if line.startswith("narrows: ")]
        line = told[-1].removeprefix("narrows: ") if told else f"{name} failed with code {code}"
        raise NarrowsError(line)
    return Result(json.loads(out), code == 0, notes)


def _data(exchange: Exchange, data: Data) -> object:
    if isinstance(data, np.ndarray):
        return exchange.save(x=data)
    if isinstance(data, tuple):
        if len(data) != 2:
            raise NarrowsError(f"data: expected (inputs, labels), got {len(data)} values")
        return exchange.save(x=data[0], y=data[1])
    return data


def _word(word: object) -> str:
    return os.fspath(word) if isinstance(word, os.PathLike) else str(word)
