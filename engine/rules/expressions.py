"""The one small language of analysts: conditions on flows, parameters of service tasks, needs of documents.

Looks like Python, is far less: names, whole numbers, texts, True/False/None, lists, `and or not`, comparisons, `in`,
`a if b else c`, `+ -`, a constant index, and the functions len, min, max, ada. Judged once, when a process is deployed.

Evaluation is total: whatever the variables hold, it answers and never raises, because it runs inside the transition of
an officer who cannot mend it. So:
- a name that is not set is None; an index that is not there is None;
- `==` compares like with like: True is not 1, "1" is not 1;
- `<  <=  >  >=` hold only between two whole numbers or two texts; anything else (None too) is False;
- `x in y` holds for a member of a list, a part of a text, a key of a mapping; in anything else nothing is contained;
- `+` joins numbers, texts or lists, `-` takes numbers; other operands, and numbers of 2^53 or more, give None;
- `len` of nothing is 0, `min`/`max` of unlike or no values is None, `ada(x)` means not None, not empty.
"""

from __future__ import annotations

import ast
import operator
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.errors import ExpressionRefused

MOST_CHARACTERS, MOST_NODES, LONGEST_TEXT, LARGEST = 400, 80, 200, 2 ** 53

Variables = Mapping[str, Any]
Run = Callable[[Variables], Any]


@dataclass(frozen=True, eq=False)
class Expression:
    """A judged expression: what it was, which names it reads, which constants it holds, and how to answer it."""

    source: str
    names: frozenset[str]
    constants: tuple[Any, ...]
    run: Run

    def evaluate(self, variables: Variables) -> Any:
        """The answer for these variables."""
        return self.run(variables)


def compile_expression(source: str, known: Collection[str] | None = None) -> Expression:
    """Judge and compile; ExpressionRefused says what is not allowed. `known` limits the names."""
    expression = _compiled(source)
    if known is not None:
        strangers = sorted(name for name in expression.names if name not in known)
        if strangers:
            raise _refusal(f"variabel tidak dikenal: {', '.join(strangers)}")
    return expression


@lru_cache(maxsize=4096)
def _compiled(source: str) -> Expression:
    tree = _parsed(source)
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_NODES:
        raise _refusal(f"terlalu rumit (lebih dari {MOST_NODES} unsur)")
    run = _built(tree.body)
    names = frozenset(node.id for node in nodes if isinstance(node, ast.Name) and node.id not in FUNCTIONS)
    constants = tuple(_constant_value(node) for node in nodes if isinstance(node, ast.Constant))
    return Expression(source, names, constants, run)


def _parsed(source: str) -> ast.Expression:
    if not isinstance(source, str) or not source.strip():
        raise _refusal("kosong")
    if len(source) > MOST_CHARACTERS:
        raise _refusal(f"lebih panjang dari {MOST_CHARACTERS} huruf")
    if "\\" in source or "\0" in source:
        raise _refusal("garis miring terbalik tidak boleh dipakai")
    try:
        return ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        raise _refusal("tulisannya bukan ungkapan yang sah") from fault


def _refusal(reason: str) -> ExpressionRefused:
    return ExpressionRefused(reason, advice=f"Ungkapan ditolak: {reason}. {ExpressionRefused.advice}")


# --- from the parsed form to a function of the variables -------------------------------------------------------------

def _built(node: ast.AST) -> Run:
    builder = BUILDERS.get(type(node))
    if builder is None:
        raise _refusal(f"unsur {type(node).__name__} tidak boleh dipakai")
    return builder(node)


def _name(node: ast.Name) -> Run:
    name = node.id
    if name.startswith("_") or not name.isascii():
        raise _refusal(f"nama {name} tidak boleh dipakai")
    if name in FUNCTIONS:
        raise _refusal(f"{name} adalah fungsi; tulis {name}(…)")
    return lambda variables: variables.get(name)


def _constant(node: ast.Constant) -> Run:
    value = _constant_value(node)
    return lambda variables: value


def _constant_value(node: ast.Constant) -> Any:
    value = node.value
    if isinstance(value, str) and len(value) <= LONGEST_TEXT:
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < LARGEST):
        return value
    raise _refusal("nilai tetap harus teks pendek, bilangan bulat, True, False atau None")


def _list(node: ast.List | ast.Tuple) -> Run:
    parts = [_built(part) for part in node.elts]
    return lambda variables: [part(variables) for part in parts]


def _bool_op(node: ast.BoolOp) -> Run:
    parts = [_built(part) for part in node.values]
    stop_at = isinstance(node.op, ast.Or)

    def run(variables: Variables) -> Any:
        value: Any = None
        for part in parts:
            value = part(variables)
            if bool(value) is stop_at:
                break
        return value
    return run


def _unary(node: ast.UnaryOp) -> Run:
    inner = _built(node.operand)
    if isinstance(node.op, ast.Not):
        return lambda variables: not inner(variables)
    if isinstance(node.op, ast.USub):
        return lambda variables: _minus(0, inner(variables))
    raise _refusal(f"tanda {type(node.op).__name__} tidak boleh dipakai")


def _compare(node: ast.Compare) -> Run:
    tests = [COMPARISONS[type(sign)] for sign in node.ops]
    parts = [_built(part) for part in (node.left, *node.comparators)]
    if len(parts) == 2:
        return _compare_pair(tests[0], *parts)

    def run(variables: Variables) -> bool:
        values = [part(variables) for part in parts]
        return all(test(left, right) for test, left, right in zip(tests, values, values[1:]))
    return run


def _compare_pair(test: Callable[[Any, Any], bool], left: Run, right: Run) -> Run:
    return lambda variables: test(left(variables), right(variables))


def _bin_op(node: ast.BinOp) -> Run:
    work = {ast.Add: _plus, ast.Sub: _minus}.get(type(node.op))
    if work is None:
        raise _refusal("hanya + dan - yang boleh dipakai untuk berhitung")
    left, right = _built(node.left), _built(node.right)
    return lambda variables: work(left(variables), right(variables))


def _if_exp(node: ast.IfExp) -> Run:
    test, then, other = _built(node.test), _built(node.body), _built(node.orelse)
    return lambda variables: then(variables) if test(variables) else other(variables)


def _subscript(node: ast.Subscript) -> Run:
    if not isinstance(node.slice, ast.Constant):
        raise _refusal("indeks harus nilai tetap")
    inner, key = _built(node.value), _constant_value(node.slice)
    return lambda variables: _part(inner(variables), key)


def _call(node: ast.Call) -> Run:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords or not node.args:
        raise _refusal(f"hanya fungsi {', '.join(sorted(FUNCTIONS))} yang boleh dipakai")
    function, parts = FUNCTIONS[node.func.id], [_built(part) for part in node.args]
    if len(parts) > 1 and node.func.id not in ("min", "max"):
        raise _refusal(f"{node.func.id}(…) menerima satu nilai")
    return lambda variables: function([part(variables) for part in parts])


# --- what the words mean ---------------------------------------------------------------------------------------------

def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)


def _differs(left: Any, right: Any) -> bool:
    return not _same(left, right)


def _comparable(left: Any, right: Any) -> bool:
    return (_is_number(left) and _is_number(right)) or (isinstance(left, str) and isinstance(right, str))


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda left, right: _comparable(left, right) and test(left, right)


def _contains(member: Any, whole: Any) -> bool:
    if isinstance(whole, list):
        return any(_same(member, part) for part in whole)
    return isinstance(member, str) and isinstance(whole, (str, Mapping)) and member in whole


def _lacks(member: Any, whole: Any) -> bool:
    return not _contains(member, whole)


def _plus(left: Any, right: Any) -> Any:
    if _is_number(left) and _is_number(right):
        return _small(left + right)
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, list) and isinstance(right, list):
        return [*left, *right]
    return None


def _minus(left: Any, right: Any) -> Any:
    return _small(left - right) if _is_number(left) and _is_number(right) else None


def _small(number: int) -> int | None:
    return number if abs(number) < LARGEST else None


def _part(whole: Any, key: Any) -> Any:
    if isinstance(whole, Mapping):
        return whole.get(key)
    if isinstance(whole, (list, str)) and _is_number(key) and key < len(whole):
        return whole[key]
    return None


def _length(arguments: list[Any]) -> int | None:
    value = arguments[0]
    if value is None:
        return 0
    return len(value) if isinstance(value, (str, list, Mapping)) else None


def _extreme(choose: Callable[[Iterable[Any]], Any]) -> Callable[[list[Any]], Any]:
    def run(arguments: list[Any]) -> Any:
        values = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else arguments
        if values and all(_comparable(values[0], value) for value in values):
            return choose(values)
        return None
    return run


def _exists(arguments: list[Any]) -> bool:
    value = arguments[0]
    return value is not None and value != "" and value != [] and value != {}


FUNCTIONS: Mapping[str, Callable[[list[Any]], Any]] = {
    "len": _length, "min": _extreme(min), "max": _extreme(max), "ada": _exists,
}
COMPARISONS: Mapping[type[ast.AST], Callable[[Any, Any], bool]] = {
    ast.Eq: _same, ast.Is: _same, ast.NotEq: _differs, ast.IsNot: _differs, ast.In: _contains, ast.NotIn: _lacks,
    ast.Lt: _ordered(operator.lt), ast.LtE: _ordered(operator.le),
    ast.Gt: _ordered(operator.gt), ast.GtE: _ordered(operator.ge),
}
BUILDERS: Mapping[type[ast.AST], Callable[[Any], Run]] = {
    ast.Name: _name, ast.Constant: _constant, ast.List: _list, ast.Tuple: _list, ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary, ast.Compare: _compare, ast.BinOp: _bin_op, ast.IfExp: _if_exp,
    ast.Subscript: _subscript, ast.Call: _call,
}
