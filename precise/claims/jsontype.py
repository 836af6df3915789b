"""The type of JSON values that records are made of: exact ones, so no floats."""

from __future__ import annotations

from typing import TypeAlias

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
