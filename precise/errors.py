"""The exceptions of the package: one kind for each way in which a request can be wrong."""

from __future__ import annotations


class PreciseError(Exception):
    """Base of every exception that the package raises on purpose."""


class FormatError(PreciseError, ValueError):
    """A format, rounding or policy that does not exist or contradicts itself."""


class DomainError(PreciseError, ValueError):
    """An argument outside the set on which an operation is defined."""


class ShapeError(PreciseError, ValueError):
    """Arrays whose shapes do not fit the operation."""


class NamespaceError(PreciseError, ValueError):
    """Arrays of two namespaces in one operation, or an array of none."""


class NotRepresentableError(PreciseError, ValueError):
    """A value that the requested representation cannot hold exactly."""


class UndecidedError(PreciseError):
    """A refinement that reached its stated end without deciding the rounding."""


class UnsupportedError(PreciseError):
    """A request that is meaningful but that this engine or namespace does not serve."""


class MissingToolError(PreciseError):
    """An optional tool, for example a prover, that a check needs and that is not installed here."""


class OpenQuestionError(PreciseError):
    """A claim that nobody knows how to settle; the message says why it is open and what would settle it."""
