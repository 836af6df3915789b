"""Inputs from files: every type exactly, and every kind of bad file refused in one line."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from precise.dyadic import Dyadic
from precise.errors import PreciseError
from precise.formats import binary32
from precise.studies.compare import compare
from precise.studies.input_files import read_inputs
from precise.studies.operations import find_operation

SOFTMAX, MATMUL, ATTENTION = (find_operation(name) for name in ("softmax", "matmul", "attention"))


def safetensors_bytes(**tensors):
    """Return a safetensors file written by hand from (type, shape, bytes) triples."""
    header, body = {}, b""
    for name, (kind, shape, data) in tensors.items():
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", "i1", "u2", "i8"])
def test_npy_entries_are_exact(tmp_path, kind):
    x = np.array([[1, 2, 3], [100, 0, 7]]).astype(kind)
    np.save(tmp_path / "z.npy", x)
    found = read_inputs(tmp_path / "z.npy", SOFTMAX)["z"]
    assert found.shape == (2, 3)
    assert [Dyadic(int(v)) for v in x.ravel()] == found.ravel().tolist()


def test_floats_are_not_rounded(tmp_path):
    np.save(tmp_path / "z.npy", np.array([0.1, -1e-310]))
    assert read_inputs(tmp_path / "z.npy", SOFTMAX)["z"].tolist() == [
        Dyadic.from_float(0.1),
        Dyadic.from_float(-1e-310),
    ]


def test_npz_arrays_by_name_give_the_same_comparison(tmp_path):
    rng = np.random.default_rng(0)
    a, b = rng.integers(-8, 8, (2, 3)), rng.integers(-8, 8, (3, 2))
    np.savez(tmp_path / "m.npz", a=a, b=b)
    arrays = read_inputs(tmp_path / "m.npz", MATMUL)
    assert compare("matmul", [binary32], arrays=arrays).rows[0].measurement.absolute == 0
    assert arrays["b"][2, 1] == int(b[2, 1])


@pytest.mark.parametrize(
    ("kind", "codes", "width", "values"),
    [
        ("BF16", [0x3F80, 0xBFC0, 0x8000, 0x0001], "<u2", [1, -1.5, 0, 2.0**-133]),
        ("F8_E4M3", [0x38, 0x7E, 0x01], "u1", [1, 448, 2.0**-9]),
        ("F8_E5M2", [0x3C, 0xC0], "u1", [1, -2]),
        ("F16", [0x3C00, 0xC000], "<u2", [1, -2]),
    ],
)
def test_safetensors_types(tmp_path, kind, codes, width, values):
    pytest.importorskip("safetensors")
    data = np.array(codes, dtype=width).tobytes()
    (tmp_path / "z.safetensors").write_bytes(safetensors_bytes(z=(kind, (1, len(codes)), data)))
    found = read_inputs(tmp_path / "z.safetensors", SOFTMAX)["z"]
    assert found.shape == (1, len(codes))
    assert found.ravel().tolist() == [Dyadic.from_float(float(v)) for v in values]


def write_bad(folder, case):
    """Write the bad file of a case and return its path and the operation that reads it."""
    good = np.ones((2, 2))
    path, operation = folder / "z.npy", SOFTMAX
    if case == "nan":
        np.save(path, np.array([1.0, np.nan]))
    elif case == "infinity":
        np.save(path, np.array([1.0, np.inf]))
    elif case == "complex":
        np.save(path, good.astype(complex))
    elif case == "boolean":
        np.save(path, good.astype(bool))
    elif case == "text":
        np.save(path, np.array(["1"]))
    elif case == "bfloat16 npy":
        np.save(path, np.zeros(2, dtype="V2"))
    elif case == "objects":
        np.save(path, np.array([1, None], dtype=object), allow_pickle=True)
    elif case == "empty":
        np.save(path, np.ones((2, 0)))
    elif case == "scalar":
        np.save(path, np.float64(1))
    elif case == "corrupt npy":
        path.write_bytes(b"\x93NUMPY junk")
    elif case == "npy for two inputs":
        np.save(path, good)
        operation = MATMUL
    elif case == "suffix":
        path = folder / "z.txt"
        path.write_text("1")
    elif case == "missing":
        pass
    elif case == "directory":
        path.mkdir()
    else:
        path, operation = folder / "m.npz", MATMUL
        if case == "names":
            np.savez(path, a=good, c=good)
        elif case == "extra name":
            np.savez(path, a=good, b=good, c=good)
        elif case == "shape":
            np.savez(path, a=good, b=np.ones(2))
        elif case == "lengths":
            np.savez(path, a=good, b=np.ones((3, 2)))
        elif case == "object npz":
            np.savez(path, a=np.array([[None]], dtype=object), b=good)
        elif case == "corrupt npz":
            path.write_bytes(b"PK\x03\x04 junk")
        elif case == "npy named npz":
            with path.open("wb") as file:
                np.save(file, good)
        else:
            path, operation = folder / "z.safetensors", SOFTMAX
            data = {"corrupt safetensors": b"junk" * 5, "unknown type": safetensors_bytes(z=("BOOL", (1,), b"\0"))}
            path.write_bytes(data[case])
    return path, operation


BAD = {
    "nan": r"entry \[1\]",
    "infinity": "finite",
    "complex": "complex128",
    "boolean": "bool",
    "text": "<U1",
    "bfloat16 npy": "safetensors",
    "objects": "allow_pickle",
    "empty": "must have an element",
    "scalar": "must have shape",
    "corrupt npy": "valid .npy",
    "npy for two inputs": "a, b",
    "suffix": "must end in .npy, .npz, .safetensors",
    "missing": "must exist",
    "directory": "directory",
    "names": "must be named a, b; got a, c",
    "extra name": "got a, b, c",
    "shape": r"b must have shape \[k, m\]",
    "lengths": "axis k",
    "object npz": "allow_pickle",
    "corrupt npz": "valid .npz",
    "npy named npz": "no archive",
    "corrupt safetensors": "valid .safetensors",
    "unknown type": "BOOL",
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_in_one_line(tmp_path, case):
    if "safetensors" in case or case == "unknown type":
        pytest.importorskip("safetensors")
    path, operation = write_bad(tmp_path, case)
    with pytest.raises(PreciseError, match=BAD[case]) as caught:
        read_inputs(path, operation)
    assert "\n" not in str(caught.value)


def test_attention_shapes_are_checked_by_letter():
    with pytest.raises(PreciseError, match="axis d"):
        ATTENTION.check({"q": (2, 3), "k": (2, 4), "v": (2, 4)})
    ATTENTION.check({"q": (2, 3), "k": (5, 3), "v": (5, 4)})
