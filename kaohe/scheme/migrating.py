"""A root file of the older form, whose results were fixed in Python, as the tree of items it stood for.

What the older form meant without saying it stands in a template beside the shipped schemes. The other files of a scheme
are alike in both forms and are copied as they are; so are the parts of the root that did not change, comments and all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kaohe.scheme.older import is_older
from kaohe.scheme.problems import Problem, SchemeError
from kaohe.scheme.reading import ROOT, SHIPPED
from kaohe.scheme.yamlfile import KINDS, NotYamlError, file_bytes, parse
from kaohe.scheme.yamltext import Raw, flow, quoted, written

TEMPLATE = SHIPPED / "older-form" / "root.yaml.j2"
CHANGED = ("groups", "results", "format")
"""Parts of the older root that the template writes anew."""

_TOP = re.compile(r"^([A-Za-z_]+):", re.MULTILINE)


def migrated(folder: Path) -> dict[str, bytes]:
    """The files of the new form by name, of an older scheme's folder (or its root file); SchemeError where none is."""
    root = folder / ROOT if folder.is_dir() else folder
    try:
        raw = file_bytes(root)
        content = parse(raw).content
    except NotYamlError as error:
        raise SchemeError([Problem(root.name, error.line, error.field, error.message)]) from error
    except OSError as error:
        raise SchemeError([Problem(root.name, None, "", f"无法读取：{error.strerror}")]) from error
    if not is_older(content):
        raise SchemeError([Problem(root.name, None, "groups", "已是现在的写法，或不是旧写法的方案，不必迁移")])
    try:
        text = _root(raw.decode("utf-8-sig"), content)
    except KeyError as error:
        raise SchemeError([Problem(root.name, None, str(error.args[0]), "旧写法的方案里缺少此项")]) from error
    out = {ROOT: text.encode()}
    for path in sorted(root.parent.rglob("*")):
        if path.is_file() and path.suffix in KINDS and path != root:
            out[path.relative_to(root.parent).as_posix()] = path.read_bytes()
    return out


def _root(text: str, content: Mapping[str, Any]) -> str:
    """The new root: what stays as it is written, then what the template makes of the rest."""
    found = _TOP.finditer(text)
    starts = [(match[1], match.start()) for match in found]
    ends = [start for _, start in starts[1:]] + [len(text)]
    kept = text[: starts[0][1]]
    for (name, start), end in zip(starts, ends, strict=True):
        if name not in CHANGED:
            kept += text[start:end]
    kept = re.sub(r"(stated:\s*\{[^}]*?)\btarget:", r"\1tasks:", kept)
    return f"{kept.rstrip()}\n\n{_rendered(content)}"


def _rendered(content: Mapping[str, Any]) -> str:
    import jinja2

    groups, results = content["groups"], content["results"]
    first = next(iter(groups.values()))
    for vote in ("ballot", "leaders"):
        if any(group[vote]["rule"] != first[vote]["rule"] for group in groups.values()):
            message = "各组的投票规则不同，不能自动迁移，请对照手册《办法怎样写成数据》改写"
            raise SchemeError([Problem(ROOT, None, f"groups.{vote}", message)])
    env = jinja2.Environment(undefined=jinja2.ChainableUndefined, autoescape=False, keep_trailing_newline=True)
    env.filters |= {"q": quoted, "flow": flow}
    template = env.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        groups=groups,
        results={"innovation": "", "open": (), **results},
        ballot={"open": (), **first["ballot"]},
        leaders={"open": (), **first["leaders"]},
        target=first["target"],
        parts=_parts(content),
        declared=", ".join(f"{{declared: {name}}}" for name in results["declarations"]),
        quotas=_by_group({key: group["quota"] for key, group in groups.items()}),
        by_group=lambda part: _by_group({key: group[part]["full"] for key, group in groups.items()}),
        clause=lambda text: f", clause: {quoted(text)}" if text else "",
        quota_clause=first["quota_clause"],
        choice=_choice,
        field=lambda value: flow(value) if isinstance(value, Mapping) else value,
    )


def _parts(content: Mapping[str, Any]) -> dict[str, Any]:
    """Part of the older form → its full mark and the categories of the groups that have it."""
    out: dict[str, Any] = {}
    for key, group in content["groups"].items():
        categories = [name for name, each in content["categories"].items() if each["group"] == key]
        for part, full in group["target"]["parts"].items():
            known = out.get(part) or {"full": written(full), "applies": []}
            out[part] = {"full": known["full"], "applies": [*known["applies"], *categories]}
    return out


def _by_group(fulls: Mapping[str, Any]) -> str:
    each = [written(full) for full in fulls.values()]
    return each[0] if len(set(each)) == 1 else f"{{by_group: {flow(fulls)}}}"


def _choice(field: Any, options: Mapping[str, Any]) -> str:
    """The options under the policy that decides, or the one that was taken."""
    if isinstance(field, Mapping):
        return flow({"policy": field["policy"], **{name: Raw(written(each)) for name, each in options.items()}})
    return written(options[str(field)])
