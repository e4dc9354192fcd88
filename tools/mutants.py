"""Mutation testing of rules and scoring: how many small changes of the code no test notices, module by module.

    make mutants [MUTANTS="--sample 30 --seed 12 --module rules/bands --module scoring/results"]

mutmut makes the changes, in a copy of the project below build/mutants, never in the tree itself; `mutants_tried` tries
them. `--sample` changes of each module are tried, drawn by `--seed`; 0 tries them all. What was noticed is remembered
while its module stays as it is, so that after a new test only what survived is tried again. `--show` prints the
survivors as differences. Left out are functions that only make words, changes in Chinese text alone, and `strict=` of
a zip.
"""

from __future__ import annotations

import argparse
import ast
import copy
import difflib
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "mutants"
TREE = BUILD / "tree"
MUTMUT = BUILD / "mutmut"
"""Where `make mutants` puts mutmut, which is no dependency of the project."""
KEPT = BUILD / "tried.jsonl"

MODULES = (
    "scoring/results", "scoring/evaluation", "scoring/bind", "scoring/inputs", "scoring/components",
    "scoring/combining", "scoring/fullmarks", "scoring/grouporder", "scoring/axes", "scoring/lacking",
    "scheme/decimals", "scoring/past", "rules/bands", "rules/tiers", "rules/votes", "rules/comparing",
    "rules/combine", "rules/placing", "rules/judged", "rules/counting", "rules/lines", "rules/after", "rules/stepped",
    "rules/values", "rules/conditions", "rules/choosing", "rules/arithmetic", "rules/limits", "rules/ordering",
    "rules/ranked", "rules/roots", "rules/sums", "rules/worth", "rules/achievements", "rules/gathered",
    "rules/happened", "rules/measured", "rules/made", "rules/numbers",
)  # fmt: skip
"""Those that make a point, a total, a rank or a grade; scoring first."""
SCORING = (
    *(f"tests/scoring/test_{name}.py" for name in (
        "absent_voters", "boundaries", "cases", "compares", "decimals", "kinds_scored", "members", "nodes", "past",
        "tree",
    )),
    *(f"tests/schemes/test_{name}.py" for name in ("beside", "combine", "group_order", "published")),
)  # fmt: skip
TESTS = {"scoring": SCORING, "scheme": SCORING, "rules": ("tests/rules", *SCORING)}
DEAR = (
    "tests/scoring/test_cases.py::test_every_figure_is_held_by_a_case",
    "tests/scoring/test_compares.py::test_what_does_not_compare_is_never_moved_by_others",
)
"""The tests are those that are quick for what they notice, without the dear ones: a change is held against all of them
that reach its function, the quickest first, until one notices; a survivor against all."""

WORDS = re.compile(r"words|describe|says|said|called|formula|title|whom|told")


@dataclass(frozen=True)
class Mutant:
    """`name`: as mutmut names it, `kaohe.rules.bands.x_within__mutmut_3`; `change`: the function before and after."""

    name: str
    module: str
    before: str
    after: str

    @property
    def key(self) -> str:
        """What it changes, so that a change that was noticed is known again."""
        return hashlib.sha256(f"{self.module} {self.before} {self.after}".encode()).hexdigest()[:16]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sample", type=int, default=30)
    options.add_argument("--seed", type=int, default=12)
    options.add_argument("--module", action="append", choices=MODULES)
    options.add_argument("--test", action="append", help="hold survivors against these tests, too")
    options.add_argument("--show", action="store_true", help="survivors as differences")
    options.add_argument("--known", action="store_true", help="try nothing, report what is known of the sample")
    given = options.parse_args()
    modules = tuple(given.module or MODULES)
    sys.path.append(str(MUTMUT))
    copied()
    made = {module: [*mutants(module)] for module in modules}
    drawn = random.Random(given.seed)
    chosen = {module: sample(found, given.sample, drawn) for module, found in made.items()}
    known = remembered()
    left = [each for found in chosen.values() for each in found if not known.get(each.key)]
    drawn.shuffle(left)  # so that a run that is stopped has something of every module
    if not given.known:
        tests = dict.fromkeys(test for module in modules for test in TESTS[module.partition("/")[0]])
        tried(left, (*tests, *(given.test or ())))
        known = remembered()
    for module, found in chosen.items():
        report(module, len(made[module]), [each for each in found if each.key in known], known, show=given.show)
    return 0


def copied() -> None:
    """What git knows of the project, anew."""
    shutil.rmtree(TREE, ignore_errors=True)
    asked = ["git", "ls-files", "-z", "-co", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout
    for name in listed.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, TREE / name)
    (TREE / "setup.cfg").write_text("[mutmut]\nsource_paths=kaohe/\n", encoding="utf-8")


def mutants(module: str) -> Iterator[Mutant]:
    """The module in the copy becomes one that holds all its changes, each asleep until it is named."""
    from mutmut.mutation.file_mutation import mutate_file_contents  # type: ignore[import-not-found]

    path = TREE / "kaohe" / f"{module}.py"
    with chdir(TREE):
        code = mutate_file_contents(f"kaohe/{module}.py", path.read_text("utf-8")).code
    path.write_text(code, encoding="utf-8")
    functions = dict(_functions(ast.parse(code)))
    for name, changed in functions.items():
        plain, _, number = name.rpartition("__mutmut_")
        if number.isdigit() and not WORDS.search(plain.rpartition("ǁ")[2]):
            before, after = meant(functions[f"{plain}__mutmut_orig"]), meant(changed)
            if before != after:
                yield Mutant(f"kaohe.{module.replace('/', '.')}.{name}", module, before, after)


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name:
            yield node.name, node


class Meant(ast.NodeTransformer):
    """A function without what moves no point: its name, Chinese text, `strict=`."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        chinese = isinstance(node.value, str) and not node.value.isascii()
        return ast.Constant("…") if chinese else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.keywords = [each for each in node.keywords if each.arg != "strict"]
        return self.generic_visit(node)


def meant(function: ast.FunctionDef) -> str:
    changed = Meant().visit(copy.deepcopy(function))
    changed.name = "changed"
    return ast.unparse(changed)


def sample(found: list[Mutant], many: int, drawn: random.Random) -> list[Mutant]:
    return drawn.sample(found, many) if 0 < many < len(found) else found


def tried(left: list[Mutant], tests: tuple[str, ...]) -> None:
    """Each in a process of its own, forked from one that has collected the tests; what came of it goes to `KEPT`."""
    (BUILD / "asked.json").write_text(json.dumps([[each.name, each.key] for each in left]), encoding="utf-8")
    with (BUILD / "pytest.log").open("wb") as log:
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "tools.mutants_tried", "-p", "no:cacheprovider",
             "--hypothesis-profile=mutants", "--hypothesis-seed=0", *(f"--deselect={name}" for name in DEAR), *tests],
            cwd=TREE, env={**os.environ, "PYTHONPATH": str(TREE), "MUTANTS": str(BUILD)},
            stdout=log, stderr=log, check=False,
        )  # fmt: skip


def remembered() -> dict[str, str]:
    """What was tried → the test that noticed it, `""` where none did the last time."""
    lines = KEPT.read_text("utf-8").splitlines() if KEPT.is_file() else []
    return {each["key"]: each["by"] for each in map(json.loads, lines)}


def report(module: str, made: int, chosen: list[Mutant], known: dict[str, str], *, show: bool) -> None:
    left = [each for each in chosen if not known[each.key]]
    share = f"{(len(chosen) - len(left)) / len(chosen):.0%}" if chosen else "–"
    print(f"{module:22} {made:5} mutants, {len(chosen):4} tried, {len(chosen) - len(left):4} noticed ({share})")
    for each in left:
        print(f"    {each.name}")
        if show:
            lines = difflib.unified_diff(each.before.splitlines(), each.after.splitlines(), lineterm="", n=0)
            print("\n".join(f"        {line}" for line in list(lines)[2:] if not line.startswith("@@")))


if __name__ == "__main__":
    sys.exit(main())
