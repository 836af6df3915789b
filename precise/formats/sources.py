"""Where the named formats are defined."""

from __future__ import annotations

from typing import Final

_IEEE: Final = "IEEE 754-2019, table 3.5"
_OFP8: Final = "OCP OFP8 1.0, table 1"
_ML_DTYPES: Final = "ml_dtypes"
_P3109: Final = "IEEE P3109, interim report"
_INTEGER: Final = "two's complement"
_UNSIGNED: Final = "binary"

#: The standard and its place, or the library, that defines a format.
SOURCES: Final[dict[str, str]] = {
    "binary16": _IEEE,
    "binary32": _IEEE,
    "binary64": _IEEE,
    "binary128": _IEEE,
    "binary256": f"{_IEEE}, k = 256",
    "bfloat16": "binary32 with 8 bits of significand",
    "tf32": "binary32 with 11 bits of significand",
    "float8_e4m3fn": _OFP8,
    "float8_e5m2": _OFP8,
    "float8_e4m3": _ML_DTYPES,
    "float8_e3m4": _ML_DTYPES,
    "float8_e4m3fnuz": _ML_DTYPES,
    "float8_e5m2fnuz": _ML_DTYPES,
    "float8_e4m3b11fnuz": _ML_DTYPES,
    "float6_e3m2fn": "OCP MX 1.0, section 5.3.2",
    "float6_e2m3fn": "OCP MX 1.0, section 5.3.2",
    "float4_e2m1fn": "OCP MX 1.0, section 5.3.3",
    "float8_e8m0fnu": "OCP MX 1.0, section 5.4.1",
    "binary8p3se": _P3109,
    "binary8p4se": _P3109,
    "int4": _INTEGER,
    "int8": _INTEGER,
    "int16": _INTEGER,
    "int32": _INTEGER,
    "uint4": _UNSIGNED,
    "uint8": _UNSIGNED,
    "mxint8_element": "OCP MX 1.0, section 5.3.4, without -2",
    "mxfp8_e4m3": "OCP MX 1.0, table 1",
    "mxfp8_e5m2": "OCP MX 1.0, table 1",
    "mxfp6_e3m2": "OCP MX 1.0, table 1",
    "mxfp6_e2m3": "OCP MX 1.0, table 1",
    "mxfp4": "OCP MX 1.0, table 1",
    "mxint8": "OCP MX 1.0, table 1",
    "nvfp4": "NVIDIA, arXiv:2509.25149",
}
