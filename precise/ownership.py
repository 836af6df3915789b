"""A warning where another distribution owns the import name: the PyPI name `precise` is someone else's."""

from __future__ import annotations

import warnings
from importlib.metadata import PackageNotFoundError, distribution

OURS = "precise-pbit"
FOREIGN = "precise"


def warn_of_foreign_owner() -> None:
    """Warn if the distribution `precise` is installed: it puts files into the same directory."""
    try:
        found = distribution(FOREIGN)
    except PackageNotFoundError:
        return
    if any(str(f).startswith("precise/") for f in found.files or ()):
        warnings.warn(
            f"the distribution {FOREIGN!r} {found.version} also installs the directory precise/; "
            f"uninstall it and reinstall {OURS} (pip uninstall precise {OURS}; then install {OURS} again)",
            UserWarning,
            stacklevel=3,
        )
