"""The whole of YAML by ruamel.yaml, and what its errors mean: for files that are out of the ordinary, or wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from kaohe.rules.written import MOST_DIGITS, MOST_OF_EXPONENT, is_too_long
from kaohe.scheme.yamlparsed import Lines, NotYamlError, Parsed


class _Constructor(RoundTripConstructor):
    """Decimal figures become exact fractions of their printed digits."""


def _exact_integer(constructor: RoundTripConstructor, node: Any) -> Any:
    _check_length(node)
    return RoundTripConstructor.construct_yaml_int(constructor, node)


def _exact_float(constructor: RoundTripConstructor, node: Any) -> Fraction | str:
    _check_length(node)
    try:
        return Fraction(node.value.replace("_", ""))
    except ValueError:
        return str(node.value)  # .inf, .nan: refused later as no number


def _plain_date(constructor: RoundTripConstructor, node: Any) -> str:
    return str(node.value)


def _check_length(node: Any) -> None:
    if is_too_long(node.value):
        raise ConstructorError(None, None, "number too long", node.start_mark)


_Constructor.add_constructor("tag:yaml.org,2002:int", _exact_integer)
_Constructor.add_constructor("tag:yaml.org,2002:float", _exact_float)
_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _plain_date)


def parse_whole(text: str) -> Parsed:
    """The whole of YAML, by ruamel.yaml."""
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    try:
        content = yaml.load(text)
    except DuplicateKeyError as error:
        key = re.search(r'duplicate key "(.*?)" with value', str(error.problem), re.DOTALL)
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise NotYamlError(line, key[1] if key else "", "同一处写了两次，只能写一次") from error
    except MarkedYAMLError as error:
        raise _not_yaml(error) from error
    except ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise NotYamlError(line, "", "有不能显示的控制字符，请删去") from error
    except YAMLError as error:
        raise NotYamlError(None, "", f"不是合法的 YAML：{error}") from error
    except (TypeError, ValueError, RecursionError) as error:  # a mapping as a key, an odd number, `&a [*a]`
        raise NotYamlError(None, "", "写法过于特殊，不能识别：字段名应为文字，数字应为十进制") from error
    lines: Lines = {}
    _collect(content, lines)
    return Parsed(content, lines)


def _collect(node: Any, lines: Lines) -> None:
    if isinstance(node, dict | list) and id(node) not in lines:
        steps: Iterable[Any] = node if isinstance(node, dict) else range(len(node))
        at = getattr(node.lc, "data", None) or {}  # type: ignore[union-attr]
        lines[id(node)] = {step: at[step][0] + 1 for step in steps if step in at}
        for step in steps:
            _collect(node[step], lines)


_WRONG = (  # what ruamel.yaml says, whether the fault lies where the part began, what it means
    (r"character '\\t'", False, "缩进不能用制表符（Tab），请改为空格"),
    (r"expected ',' or '\]'", True, "方括号 [ ] 没有配对，或两项之间缺少逗号"),
    (r"expected ',' or '\}'", True, "花括号 { } 没有配对，或两项之间缺少逗号"),
    (r"mapping values are not allowed", False, "冒号的位置不对：上一行缩进有误，或文字里的冒号要用引号括起来"),
    (r"could not find expected ':'", True, "缺少冒号，或文字没有写完"),
    (r"unexpected end of stream", True, "引号没有配对"),
    (r"another document", False, "一个文件只能写一份内容，--- 只能在开头"),
    (r"number too long", False, f"数字过长：不超过 {MOST_DIGITS} 位，指数不超过 {MOST_OF_EXPONENT} 位"),
    (r"undefined alias", False, "引用（*名称）没有对应的 &名称"),
    (r"expected <block end>|did not find expected", False, "缩进不一致：同一层的各项应左对齐"),
)


def _not_yaml(error: MarkedYAMLError) -> NotYamlError:
    said = str(error.problem)
    for pattern, began, meaning in _WRONG:
        if re.search(pattern, said):
            mark = (error.context_mark if began else None) or error.problem_mark or error.context_mark
            return NotYamlError(mark.line + 1 if mark else None, "", meaning)
    mark = error.problem_mark or error.context_mark
    return NotYamlError(mark.line + 1 if mark else None, "", f"不是合法的 YAML：{said}")
