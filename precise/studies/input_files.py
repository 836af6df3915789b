"""Inputs from files: `.npy`, `.npz` and `.safetensors`, every entry taken exactly, nothing ever unpickled."""

from __future__ import annotations

import importlib
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from precise.dyadic import Dyadic, Special
from precise.engines.carrier import Objects, object_array
from precise.errors import DomainError, PreciseError, UnsupportedError
from precise.formats import Format, bfloat16, decode, float8_e4m3fn, float8_e5m2
from precise.studies.inputs import Arrays
from precise.studies.operations import Operation

#: NumPy types of the types of a safetensors file that NumPy has.
_PLAIN: Final = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "|i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "|u1",
}
#: And of those that it lacks: the codes, and what they mean.
_CODED: Final[dict[str, tuple[str, Format]]] = {
    "BF16": ("<u2", bfloat16),
    "F8_E4M3": ("|u1", float8_e4m3fn),
    "F8_E5M2": ("|u1", float8_e5m2),
}


#: What NumPy and zipfile raise for files that are cut off, corrupt, encrypted, or claim to be too large.
_UNREADABLE: Final = (
    OSError,
    ValueError,
    EOFError,
    MemoryError,
    RuntimeError,
    OverflowError,
    zipfile.BadZipFile,
    zlib.error,
)


def read_inputs(path: Path, operation: Operation) -> Arrays:
    """Return the inputs of an operation from a file.

    Constraints
    -----------
    C1. `path` is a readable file that ends in .npy, .npz or .safetensors; otherwise `DomainError`.
    C2. It holds exactly the arrays that the operation names; a .npy file, which has no names, serves operations with
        one input; otherwise `DomainError` or `ShapeError`.
    C3. Every array holds finite real numbers; otherwise `DomainError`.
    """
    readers: dict[str, Callable[[Path], Mapping[str, NDArray[np.generic] | Objects]]] = {
        ".npy": lambda p: _named_alone(p, operation),
        ".npz": _npz,
        ".safetensors": _safetensors,
    }
    if path.suffix not in readers:
        raise DomainError(f"input: file must end in {', '.join(readers)}; got {path.name!r}")
    if path.is_dir():
        raise DomainError(f"input: path must be a file; got the directory {str(path)!r}")
    if not path.exists():
        raise DomainError(f"input: file must exist; got {str(path)!r}")
    try:
        found = readers[path.suffix](path)
    except _UNREADABLE as error:
        if isinstance(error, PreciseError):
            raise
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DomainError(f"input: {path.name} must be a valid {path.suffix} file; {reason}") from None
    operation.check({name: x.shape for name, x in found.items()})
    return {name: exact_entries(name, x) for name, x in found.items()}


def exact_entries(name: str, x: NDArray[np.generic] | Objects) -> Objects:
    """Return the entries of an array as Dyadic numbers; `DomainError` where one is not a finite real number."""
    if x.dtype.kind not in "fiuO" or x.dtype.itemsize > 8:
        hint = " (store bfloat16 as .safetensors)" if x.dtype.kind == "V" else ""
        raise DomainError(f"input: {name} must hold integers or floats of at most 64 bits; got {x.dtype}{hint}")
    values = [_exact(v) for v in x.ravel().tolist()]
    for flat, value in enumerate(values):
        if value is None:
            place = [int(i) for i in np.unravel_index(flat, x.shape)]
            raise DomainError(f"input: {name} must have finite entries only; entry {place} is not")
    return object_array(values, x.shape)


def _exact(x: object) -> Dyadic | None:
    """Return a number exactly, None where it is not finite."""
    if isinstance(x, Dyadic):
        return x
    if isinstance(x, Special):
        return Dyadic(0) if x is Special.NEG_ZERO else None
    if isinstance(x, int):
        return Dyadic(x)
    assert isinstance(x, float)
    return Dyadic.from_float(x) if np.isfinite(x) else None


def _named_alone(path: Path, operation: Operation) -> dict[str, NDArray[np.generic]]:
    """Return the array of a .npy file under the name of the operation's only input."""
    names = list(operation.shapes)
    if len(names) != 1:
        raise DomainError(
            f"input: {operation.name} must have the arrays {', '.join(names)}, so a .npz or .safetensors file; "
            f"got {path.name!r}"
        )
    return {names[0]: _refuse_objects(names[0], np.load(path, allow_pickle=False))}


def _npz(path: Path) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of a .npz file."""
    if not zipfile.is_zipfile(path):
        raise DomainError(f"input: {path.name} must be a valid .npz file; it is no archive of arrays")
    with np.load(path, allow_pickle=False) as archive:
        return {name: _refuse_objects(name, archive[name]) for name in archive.files}


def _refuse_objects(name: str, x: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return an array that holds no Python objects."""
    if x.dtype.hasobject:
        raise DomainError(f"input: {name} must hold numbers; got Python objects")
    return x


def _safetensors(path: Path) -> dict[str, NDArray[np.generic] | Objects]:
    """Return the arrays of a safetensors file; types that NumPy lacks are decoded."""
    try:
        library: Any = importlib.import_module("safetensors")
    except ImportError:
        raise UnsupportedError(
            "input: the library safetensors must be installed; try: pip install '.[safetensors]' in a checkout"
        ) from None
    try:
        tensors = library.deserialize(path.read_bytes())
    except library.SafetensorError as error:
        raise DomainError(f"input: {path.name} must be a valid .safetensors file; {error}") from None
    return {name: _tensor(name, tensor) for name, tensor in tensors}


def _tensor(name: str, tensor: Mapping[str, Any]) -> NDArray[np.generic] | Objects:
    """Return one tensor of a safetensors file."""
    kind, shape, data = tensor["dtype"], tuple(tensor["shape"]), bytes(tensor["data"])
    if kind in _PLAIN:
        return np.frombuffer(data, dtype=_PLAIN[kind]).reshape(shape)
    if kind not in _CODED:
        raise DomainError(f"input: {name} must be of type {', '.join((*_PLAIN, *_CODED))}; got {kind}")
    width, fmt = _CODED[kind]
    codes = np.frombuffer(data, dtype=width)
    known = {code: decode(code, fmt) for code in set(codes.tolist())}
    return object_array((known[code] for code in codes.tolist()), shape)
