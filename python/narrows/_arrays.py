"""Arrays on their way to the worker and back: .npy files that both sides map into memory."""

from __future__ import annotations

import errno
import io
import itertools
import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ._errors import NarrowsError

_NUMBERS = itertools.count()
_KINDS = "biuf"


def _base() -> str | None:
    """Memory where there is any: /dev/shm, unless $NARROWS_EXCHANGE names another folder."""
    named = os.environ.get("NARROWS_EXCHANGE")
    if named:
        return named
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


class Exchange:
    """The files of one call; they are gone after it, and arrays from them live on."""

    def __init__(self) -> None:
        try:
            self.folder = Path(tempfile.mkdtemp(prefix="narrows-", dir=_base()))
        except OSError as problem:
            raise _no_space(problem, _base() or tempfile.gettempdir()) from None
        self._finalizer = weakref.finalize(self, shutil.rmtree, self.folder, True)

    def __enter__(self) -> Exchange:
        return self

    def __exit__(self, *_: object) -> None:
        self._finalizer()

    def path(self, suffix: str) -> Path:
        """A name for a new file."""
        return self.folder / f"{next(_NUMBERS)}{suffix}"

    def make(self, shape: tuple[int, ...], dtype: DTypeLike) -> tuple[str, NDArray[Any]]:
        """A new array of zeros in a file, with all its space set aside."""
        path = self.path(".npy")
        kind = np.dtype(dtype).newbyteorder("<")
        head = io.BytesIO()
        np.lib.format.write_array_header_1_0(
            head,
            {
                "descr": np.lib.format.dtype_to_descr(kind),
                "fortran_order": False,
                "shape": shape,
            },
        )
        start = head.tell()
        size = int(np.prod(shape, dtype=np.int64)) * kind.itemsize
        try:
            with open(path, "xb") as file:
                file.write(head.getvalue())
                file.flush()
                if size:
                    _set_aside(file.fileno(), start + size)
        except OSError as problem:
            raise _no_space(problem, str(self.folder)) from None
        if not size:
            return str(path), np.zeros(shape, kind)
        return str(path), np.memmap(path, dtype=kind, mode="r+", offset=start, shape=shape)

    def give(self, array: ArrayLike, name: str) -> str:
        """Writes an array for the worker to read."""
        values = np.asarray(array)
        if values.dtype.kind not in _KINDS:
            raise NarrowsError(
                f"{name}: expected numbers of at most 64 bits, got elements of type {values.dtype}"
            )
        if values.dtype.kind == "f" and values.dtype.itemsize > 8:
            values = values.astype(np.float64)
        path, target = self.make(values.shape, values.dtype)
        target[...] = values
        return path

    def save(self, **arrays: ArrayLike) -> str:
        """Writes an .npz for a command to read."""
        path = self.path(".npz")
        try:
            named: dict[str, Any] = {name: np.asarray(array) for name, array in arrays.items()}
            np.savez(path, **named)
        except OSError as problem:
            raise _no_space(problem, str(self.folder)) from None
        return str(path)


def _set_aside(file: int, size: int) -> None:
    """A full disk is found now, not as a crash of whoever writes to the mapped memory."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
    else:
        os.truncate(file, size)


def _no_space(problem: OSError, folder: str) -> NarrowsError:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return NarrowsError(
            f"no space for arrays in {folder}: free some, or set NARROWS_EXCHANGE to another folder"
        )
    return NarrowsError(f"arrays cannot be exchanged through {folder}: {problem.strerror}")
