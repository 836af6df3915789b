"""The very source of the bodies, compiled so that its loops also run over a range of unknown length.

A list comprehension is handed its own iterable, and so is a loop that carries names from pass to pass. Over anything
with a known length they do what they did. Over a range from a to b with a polynomial for a or b they run once, at an
index of which only a <= i <= b is known, and what that one pass gives stands for every pass. Loops of another form
over such a range, and those that change an object in place, are refused. A set comprehension compares its elements two
by two. Nothing else is changed.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from types import CodeType, ModuleType
from typing import Any, NoReturn

from precise.errors import UndecidedError
from proofs._sizes import Length, Size

MODULES = (
    *(f"precise.nn.{name}" for name in (
        "affine", "attention", "namespace", "norm", "planes", "rope", "rope_attention", "rope_tensor_attention",
        "rope_tensor_scores", "rotation_table", "softmax", "tensor", "tensor_attention", "transformer",
    )),
    "proofs._runs",
    "proofs._wrong_runs",
)  # fmt: skip
"""What is lifted."""
CHANGES = frozenset({"append", "extend", "insert", "pop", "remove", "clear", "setdefault", "update", "sort", "reverse"})
"""Methods that change an object; a comprehension or loop that calls one is left as it is."""


@dataclass(frozen=True, slots=True)
class Span:
    """The integers from `first` to `last`, at least one; `index` stands for each of them."""

    first: Length
    last: Length
    index: Size

    @property
    def length(self) -> Length:
        """How many there are."""
        return self.last - self.first + 1

    def __iter__(self) -> Iterator[NoReturn]:
        raise UndecidedError(f"loop: a range of unknown length must stand in a list comprehension; got {self.length}")


@dataclass(frozen=True, slots=True)
class Family:
    """A list of unknown length: what stands at the index of `span`, for each of its values."""

    element: Any
    span: Span

    def __iter__(self) -> Iterator[NoReturn]:
        raise UndecidedError(f"loop: a list of unknown length must be run through by a loop; got {self.span.length}")


def positions(*limits: Length) -> range | Span:
    """Return what `range` returns, for two limits or one that may be polynomials."""
    if all(isinstance(limit, int) for limit in limits):
        return range(*[int(limit) for limit in limits])
    first, stop = (0, *limits) if len(limits) == 1 else limits
    if not bool(first < stop):
        raise UndecidedError(f"loop: a range of unknown length must have an element; got {first} to {stop}")
    facts = next(limit.facts for limit in limits if isinstance(limit, Size))
    return Span(first, stop - 1, facts.index(first, stop - 1))


def each(comprehension: Callable[[Any], list[Any]], items: Any) -> Any:
    """Return what a list comprehension makes of its iterable: for one of unknown length, a family."""
    if not isinstance(items, Span | Family):
        return comprehension(items)
    span = items if isinstance(items, Span) else items.span
    element = items.index if isinstance(items, Span) else items.element
    passes = span.index.facts.open
    passes.append(span.length)
    found = comprehension([element])
    passes.pop()
    if len(found) != 1:
        raise UndecidedError("loop: a list comprehension over an unknown length must keep every element")
    return Family(found[0], span)


def carried(step: Callable[..., tuple[Any, ...]], items: Any, state: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the names that a loop carries, after its last pass."""
    if not isinstance(items, Span | Family):
        for item in items:
            state = step(item, *state)
        return state
    if isinstance(items, Span) or len(state) != 1 or not hasattr(state[0], "repeated"):
        raise UndecidedError("loop: a loop over an unknown length must be over a list and carry one array")
    return (state[0].repeated(items.span, lambda y: step(items.element, y)[0]),)


def distinct(items: list[Any]) -> list[Any]:
    """Return the items of a set, each compared with all others; a set itself compares by hash first."""
    found: list[Any] = []
    for item in items:
        if not any(bool(item == other) for other in found):
            found.append(item)
    return found


class _Loops(ast.NodeTransformer):
    """Hands each list comprehension, and each loop of the stated form, its own iterable."""

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        """Return ``distinct([...])``."""
        return _called("_distinct", ast.copy_location(self.visit(ast.ListComp(node.elt, node.generators)), node))

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        """Return ``each(lambda given: [... for target in given], iterable)``, if it only makes a list."""
        changes = any(isinstance(x, ast.NamedExpr) or is_change(x) for x in ast.walk(node))
        self.generic_visit(node)
        if changes:
            return node
        first = node.generators[0]
        iterable, first.iter = first.iter, ast.Name("_given", ast.Load())
        return _called("_each", _function(["_given"], node), iterable)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Return the function with its outermost loops over carried names replaced."""
        arguments = node.args
        known = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
        body: list[ast.stmt] = []
        for statement in node.body:
            found: ast.AST = self.visit(statement)
            names = sorted(_stored(statement) - _stored_by_target(statement))
            if isinstance(found, ast.For) and _is_plain(found) and set(names) <= known and names:
                body += _as_fold(found, names)
            else:
                body.append(found)  # type: ignore[arg-type]
            known |= _stored(statement)
        node.body = body
        return node


def _as_fold(loop: ast.For, names: list[str]) -> list[ast.stmt]:
    """Return the loop as a function of one pass, applied in turn."""
    iterable, loop.iter = loop.iter, ast.Tuple([ast.Name("_given", ast.Load())], ast.Load())
    state = ast.Tuple([ast.Name(name, ast.Load()) for name in names], ast.Load())
    arguments = _arguments(["_given", *names])
    one_pass = ast.FunctionDef("_pass", arguments, [loop, ast.Return(state)], [], None, None)
    targets = ast.Tuple([ast.Name(name, ast.Store()) for name in names], ast.Store())
    call = _called("_carried", ast.Name("_pass", ast.Load()), iterable, state)
    return [one_pass, ast.Assign([targets], call)]


def _is_plain(loop: ast.For) -> bool:
    """Return whether a loop has no other way out than its end, and only assigns names."""
    ways = (ast.Break, ast.Continue, ast.Return, ast.Yield, ast.YieldFrom)
    changes = (ast.Expr, ast.Delete, ast.Global, ast.Nonlocal, ast.NamedExpr)
    return not loop.orelse and not any(isinstance(x, ways + changes) or is_change(x) for x in ast.walk(loop))


def is_change(node: ast.AST) -> bool:
    """Return whether a node changes an object in place: an item, an attribute, or a list or table by its method."""
    if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
        return True
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES


def _stored(statement: ast.stmt) -> set[str]:
    """Return the names that a statement assigns, those of nested functions included."""
    names = {x.id for x in ast.walk(statement) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store)}
    return names | {x.name for x in ast.walk(statement) if isinstance(x, ast.FunctionDef)}


def _stored_by_target(statement: ast.stmt) -> set[str]:
    """Return the names of the target of a loop."""
    found = ast.walk(statement.target) if isinstance(statement, ast.For) else ()
    return {x.id for x in found if isinstance(x, ast.Name)}


def _arguments(names: list[str]) -> ast.arguments:
    """Return a list of plain parameters."""
    return ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])


def _function(names: list[str], body: ast.expr) -> ast.Lambda:
    """Return a lambda."""
    return ast.Lambda(_arguments(names), body)


def _called(name: str, *arguments: ast.expr) -> ast.Call:
    """Return a call by name."""
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


class Lifting(SourceFileLoader):
    """Compiles a source with its loops replaced; what Python has cached of the source is not read."""

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the source with its loops replaced."""
        tree = _Loops().visit(ast.parse(self.get_data(self.path)))
        return compile(ast.fix_missing_locations(tree), self.path, "exec", dont_inherit=True)


def lifted_module(name: str, path: str) -> ModuleType:
    """Return the module that the lifted source in a file makes."""
    spec = spec_from_file_location(name, path, loader=Lifting(name, path))
    assert isinstance(spec, ModuleSpec) and spec.loader is not None
    module = module_from_spec(spec)
    module.__dict__.update(range=positions, _each=each, _carried=carried, _distinct=distinct)
    spec.loader.exec_module(module)
    return module


@cache
def lifted_modules() -> dict[str, ModuleType]:
    """Return the lifted copy of each module; the copies refer to one another and not to the originals."""
    copies = {name: lifted_module(name, inspect.getfile(importlib.import_module(name))) for name in MODULES}
    for copy in copies.values():
        redirect(copy, copies)
    return copies


def redirect(module: ModuleType, copies: Mapping[str, ModuleType]) -> None:
    """Put the lifted copies of functions and classes in place of the originals that a module has imported."""
    for name, value in list(vars(module).items()):
        origin = copies.get(getattr(value, "__module__", None) or "")
        if origin is not None and (inspect.isroutine(value) or inspect.isclass(value)):
            setattr(module, name, getattr(origin, value.__name__))


def lifted(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the lifted copy of a function of one of the modules, or of such a function with some arguments bound."""
    if isinstance(function, partial):
        return partial(lifted(function.func), *(lifted(x) if callable(x) else x for x in function.args))
    if function.__module__ not in MODULES:
        raise UndecidedError(f"lifted: the function must stand in a lifted module; got {function.__module__}")
    found: Callable[..., Any] = getattr(lifted_modules()[function.__module__], function.__qualname__)
    return found
