"""Which format each quantity of a RoPE table is rounded to, and the variants that people ask about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from precise.formats import Format, bfloat16, binary32, unbounded


@dataclass(frozen=True, slots=True)
class RopeFormats:
    """The formats of the four quantities from which cos(m theta_k) and sin(m theta_k) are built; None is exact.

    Parameters
    ----------
    positions : Format or None
        The integers m = 0, 1, 2, ...
    frequencies : Format or None
        theta_k = base**(-2k/d), rounded once from its exact value.
    angles : Format or None
        The product of a position and a frequency, each as stored.
    tables : Format or None
        cos and sin of the stored angle.
    """

    positions: Format | None = None
    frequencies: Format | None = None
    angles: Format | None = None
    tables: Format | None = None

    @classmethod
    def everywhere(cls, format: Format) -> RopeFormats:
        """Return the variant that rounds all four quantities to one format."""
        return cls(format, format, format, format)

    def __str__(self) -> str:
        """Return the formats in the order positions, frequencies, angles, tables; a dash is exact."""
        return " ".join("-" if f is None else f.name for f in self._fields())

    def _fields(self) -> tuple[Format | None, ...]:
        return (self.positions, self.frequencies, self.angles, self.tables)

    def to_json(self) -> dict[str, str | None]:
        """Return the four names, None for exact."""
        names = ("positions", "frequencies", "angles", "tables")
        return {n: None if f is None else f.name for n, f in zip(names, self._fields(), strict=True)}


@dataclass(frozen=True, slots=True)
class RopeVariant:
    """A named choice of formats: one row of the experiment."""

    name: str
    formats: RopeFormats


def flagship_variants() -> tuple[RopeVariant, ...]:
    """Return the rows that separate the harmless roundings of 16-bit code from the harmful ones.

    Each is a thing that code in use does or once did: tables in binary32; tables in bfloat16 from binary32 angles;
    `inv_freq`, positions or angles cast to bfloat16 alone; and all of it at 16, 11 and 8 bits.
    """
    return (
        RopeVariant("all in binary32", RopeFormats.everywhere(binary32)),
        RopeVariant("binary32, bf16 tables", RopeFormats(binary32, binary32, binary32, bfloat16)),
        RopeVariant("frequencies in bfloat16", RopeFormats(frequencies=bfloat16)),
        RopeVariant("positions in bfloat16", RopeFormats(positions=bfloat16)),
        RopeVariant("angles in bfloat16", RopeFormats(angles=bfloat16)),
        *(RopeVariant(f"all in {f.name}", RopeFormats.everywhere(f)) for f in map(unbounded, (16, 11, 8))),
    )


def role_variants(formats: Iterable[Format]) -> tuple[RopeVariant, ...]:
    """Return five rows for each format: one quantity in it and the others exact, four times, then all four in it."""
    rows: list[RopeVariant] = []
    for f in formats:
        rows += [
            RopeVariant(f"positions in {f.name}", RopeFormats(positions=f)),
            RopeVariant(f"frequencies in {f.name}", RopeFormats(frequencies=f)),
            RopeVariant(f"angles in {f.name}", RopeFormats(angles=f)),
            RopeVariant(f"cos/sin in {f.name}", RopeFormats(tables=f)),
            RopeVariant(f"all in {f.name}", RopeFormats.everywhere(f)),
        ]
    return tuple(rows)
