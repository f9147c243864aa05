"""Which fields of a rulebook the program reads: a small inference of types over the source, without running anything.

A name has the rulebook's type where an annotation, an assignment, a loop or the return of a function says so; lists,
mappings and options of a type count as that type. Reads inside the rulebook's own package count where they happen in a
method that is itself called from outside, or in the linter, whose findings people read; parsing is no reading.
"""

import ast
import dataclasses
import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from domain.rulebook import conduct, items, model, order, periods, results, terms

PACKAGES = ("domain", "ledger", "projections", "workbooks", "paper", "api", "cli", "docs")
OWN = "domain/rulebook/"
CITING = "citing.py"
"""It names the clause of each place, for the linter and the pages: of what it reads only the clauses count."""
LINTERS = (
    "lint.py", "lint_clamps.py", "lint_clauses.py", "lint_items.py", "lint_procedure.py", "lint_stars.py", "reach.py",
    CITING,
)  # fmt: skip
CLASSES = {
    name: kind
    for module in (model, conduct, items, order, periods, results, terms)
    for name, kind in vars(module).items()
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind.__module__ == module.__name__
}
UNIONS: Mapping[str, tuple[str, ...]] = {
    name: tuple(each.__name__ for each in typing.get_args(kind))
    for module in (items, order)
    for name, kind in vars(module).items()
    if isinstance(kind, types.UnionType) and {each.__name__ for each in typing.get_args(kind)} <= CLASSES.keys()
}
"""Names for one of several classes: what is read of such a one is read of each of them."""
_NAMES = re.compile(r"\w+")


def of_annotation(annotation: str, names: Mapping[str, str]) -> str:
    """Return the class of the rulebook that an annotation speaks of, alone or in a container; empty for none."""
    found = [names[name] for name in _NAMES.findall(annotation) if name in names]
    return found[-1] if found else ""


OWN_NAMES: Mapping[str, str] = {name: name for name in (*CLASSES, *UNIONS)}


def names_in(path: str, tree: ast.Module) -> Mapping[str, str]:
    """Return what the rulebook's classes are called in a module: as it imports them, or in their own package."""
    if path.startswith(OWN):
        return OWN_NAMES
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    theirs = [node for node in imports if (node.module or "").startswith("domain.rulebook")]
    return {each.asname or each.name: each.name for node in theirs for each in node.names if each.name in OWN_NAMES}


MEMBERS: Mapping[tuple[str, str], str] = {
    (name, each.name): of_annotation(str(each.type), OWN_NAMES)
    for name, kind in CLASSES.items()
    for each in dataclasses.fields(kind)
}


@dataclass
class Source:
    """The modules of the program, what their functions return, and which methods of the rulebook there are."""

    trees: dict[str, ast.Module]
    names: dict[str, Mapping[str, str]] = field(default_factory=dict)
    returns: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note what functions return and what fields of other classes are, by name."""
        for path, tree in self.trees.items():
            names = self.names[path] = names_in(path, tree)
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and node.returns is not None:
                    _note(self.returns, node.name, of_annotation(ast.unparse(node.returns), names))
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    _note(self.attributes, node.target.id, of_annotation(ast.unparse(node.annotation), names))


def _note(table: dict[str, str], name: str, kind: str) -> None:
    if kind:
        table[name] = kind


class Reads(ast.NodeVisitor):
    """Collects `Class.field` for each read in one function or module."""

    def __init__(self, source: Source, names: Mapping[str, str], self_is: str = "") -> None:
        """Know the program and what a module calls the classes; `self_is` is the class whose method is read."""
        self.source = source
        self.names = names
        self.env: dict[str, str] = {"self": self_is} if self_is else {}
        self.found: set[str] = set()

    def kind(self, node: ast.expr | None) -> str:  # noqa: C901, PLR0911 - one line for each kind of expression
        """Return the class of the rulebook that an expression has, empty for none."""
        match node:
            case ast.Name(id=name):
                return self.env.get(name, "")
            case ast.Attribute(value=value, attr=attr):
                base = self.kind(value)
                if base:
                    return (
                        MEMBERS.get((base, attr)) or self.source.returns.get(attr, "") or base * (attr in _CONTAINERS)
                    )
                return self.source.attributes.get(attr) or self.source.returns.get(attr, "")
            case ast.Call(func=func, args=args):
                name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
                return (
                    self.source.returns.get(name)
                    or (self.kind(func) if name in _CONTAINERS else "")
                    or self._first(args)
                )
            case ast.Subscript(value=value) | ast.Starred(value=value):
                return self.kind(value)
            case ast.GeneratorExp(elt=elt) | ast.ListComp(elt=elt) | ast.SetComp(elt=elt):
                self._loops(node.generators)
                return self.kind(elt)
            case ast.DictComp(value=value):
                self._loops(node.generators)
                return self.kind(value)
            case ast.IfExp(body=body, orelse=orelse):
                return self.kind(body) or self.kind(orelse)
            case ast.BoolOp(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
                return self._first(values)
            case ast.BinOp(left=left, right=right):
                return self.kind(left) or self.kind(right)
            case ast.NamedExpr(value=value):
                return self.kind(value)
        return ""

    def _first(self, nodes: list[ast.expr]) -> str:
        return next((found for found in map(self.kind, nodes) if found), "")

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple):
            values = value.elts if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts) else None
            for number, each in enumerate(target.elts):
                self._bind(each, value if values is None else values[number])
        elif isinstance(target, ast.Name) and (kind := self.kind(value)):
            self.env[target.id] = kind

    def _loops(self, generators: list[ast.comprehension]) -> None:
        for each in generators:
            self._bind(each.target, each.iter)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Read a function with the types of its parameters."""
        for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            if each.annotation is not None:
                self.env[each.arg] = of_annotation(ast.unparse(each.annotation), self.names)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Give the targets the type of the value."""
        for target in node.targets:
            self._bind(target, node.value)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        """Give the target the type of what is looped over."""
        self._bind(node.target, node.iter)
        self.generic_visit(node)

    def visit_Match(self, node: ast.Match) -> None:
        """Give the subject the class of each case while that is read; what a case takes out of it is read as well."""
        subject = node.subject.id if isinstance(node.subject, ast.Name) else ""
        before = self.env.get(subject, "")
        for case in node.cases:
            kind = self._class_of(case.pattern)
            self.env[subject] = kind or before
            if isinstance(case.pattern, ast.MatchClass):
                self.found |= {f"{kind}.{name}" for name in case.pattern.kwd_attrs if kind}
            for statement in case.body:
                self.visit(statement)
        self.env[subject] = before

    def _class_of(self, pattern: ast.pattern) -> str:
        of = pattern.cls.id if isinstance(pattern, ast.MatchClass) and isinstance(pattern.cls, ast.Name) else ""
        return self.names.get(of, "")

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """Give the name the type of the value."""
        self._bind(node.target, node.value)
        self.generic_visit(node)

    def _comprehension(self, node: ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp) -> None:
        self._loops(node.generators)
        self.generic_visit(node)

    visit_GeneratorExp = visit_ListComp = visit_SetComp = visit_DictComp = _comprehension  # noqa: N815 - ast's names

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Read a lambda, whose parameters have no annotation."""
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Note a read of a field or method of the rulebook."""
        if base := self.kind(node.value):
            self.found |= {f"{each}.{node.attr}" for each in UNIONS.get(base, (base,))}
        self.generic_visit(node)


_CONTAINERS = frozenset({"values", "items", "get", "pop", "copy"})


def source_of(root: Path) -> Source:
    """Return the program below `root`."""
    paths = [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]
    return Source({p.relative_to(root).as_posix(): ast.parse(p.read_text(encoding="utf-8")) for p in paths})


def fields_read(source: Source) -> set[str]:
    """Return every `Class.field` that is read outside parsing, by way of methods of the rulebook too."""
    found = {
        each
        for name, tree in source.trees.items()
        if not name.startswith(OWN) or name.removeprefix(OWN) in LINTERS
        for each in _in_module(source, name, tree)
        if name != OWN + CITING or each.endswith("clause")
    }
    inside = dict(_methods(source))
    waiting = [each for each in found if each in inside]
    while waiting:
        for each in inside.pop(waiting.pop(), ()):
            waiting += [each] if each in inside else []
            found.add(each)
    return found


def _in_module(source: Source, name: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            reads = Reads(source, source.names[name])
            reads.visit(node)
            yield from reads.found


def _methods(source: Source) -> Iterator[tuple[str, set[str]]]:
    for name, tree in source.trees.items():
        for kind in tree.body if name.startswith(OWN) else ():
            if isinstance(kind, ast.ClassDef) and kind.name in CLASSES:
                for node in kind.body:
                    if isinstance(node, ast.FunctionDef):
                        reads = Reads(source, OWN_NAMES, kind.name)
                        reads.visit(node)
                        yield f"{kind.name}.{node.name}", reads.found


def every_field() -> set[str]:
    """Return `Class.field` for each field of the rulebook."""
    return {f"{name}.{each.name}" for name, kind in CLASSES.items() for each in dataclasses.fields(kind)}
