"""Mutation testing of rules and scoring: how many small changes of the code no test notices, module by module.

    make mutants [MUTANTS="--sample 30 --seed 12 --module rules/bands --module scoring/results"]

mutmut changes a copy of the project, below build/mutants, never the tree itself. `--sample` mutants of each module are
tried, drawn by `--seed`; 0 tries them all, which takes hours. Functions that only make words are left out: what they
say is looked at by people. A survivor is shown by `cd build/mutants/tree && python -m mutmut show NAME`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TREE = ROOT / "build" / "mutants" / "tree"
MUTMUT = ROOT / "build" / "mutants" / "mutmut"
"""Where `make mutants` puts mutmut, which is no dependency of the project."""

MODULES = (
    "rules/arithmetic", "rules/bands", "rules/combine", "rules/comparing", "rules/conditions", "rules/limits",
    "rules/ordering", "rules/roots", "rules/tiers", "scoring/combining", "scoring/evaluation", "scoring/fullmarks",
    "scoring/grouporder", "scoring/results",
)  # fmt: skip
TESTS = (
    "tests/rules", "tests/scoring/test_boundaries.py", "tests/scoring/test_cases.py", "tests/scoring/test_compares.py",
    "tests/scoring/test_kinds_scored.py", "tests/scoring/test_members.py",
    "tests/scoring/test_tree.py",
)  # fmt: skip
"""Those that are quick for what they notice: a survivor is held against all that reach its function."""

WORDS = re.compile(r"words|describe|says|said|called|formula|title|whom|told")
SURVIVED, UNTESTED = (0,), (5, 33)
"""How a tried mutant ended, in mutmut's own numbers."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sample", type=int, default=30)
    options.add_argument("--seed", type=int, default=12)
    options.add_argument("--module", action="append", choices=MODULES)
    given = options.parse_args()
    modules = tuple(given.module or MODULES)
    copied(modules)
    mutmut("run", "--max-children", "1", "none.at.all*")  # makes mutants, finds which tests reach which, runs none
    drawn = random.Random(given.seed)
    chosen = [name for module in modules for name in sample(sorted(results(module)), given.sample, drawn)]
    if not chosen:
        print(f"no mutants were made; what mutmut said is in {TREE / 'mutmut.log'}", file=sys.stderr)
        return 1
    mutmut("run", "--max-children", "1", *chosen)
    for module in modules:
        report(module, set(chosen))
    return 0


def copied(modules: tuple[str, ...]) -> None:
    """What git knows of the project, anew, with mutmut's settings beside it."""
    shutil.rmtree(TREE, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in listed.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, TREE / name)
    tops = sorted({name.split("/")[0] for name in listed.decode().split("\0") if name})
    lines = {
        "source_paths": ["kaohe/"],
        "only_mutate": [f"kaohe/{module}.py" for module in modules],
        "also_copy": tops,
        "pytest_add_cli_args": ["-p", "no:cacheprovider"],
        "pytest_add_cli_args_test_selection": list(TESTS),
        "mutate_only_covered_lines": ["true"],
    }
    said = "\n".join(f"{name}=" + "\n    ".join(["", *values] if len(values) > 1 else values)
                     for name, values in lines.items())  # fmt: skip
    (TREE / "setup.cfg").write_text(f"[mutmut]\n{said}\n", encoding="utf-8")


def mutmut(*words: str) -> None:
    """Its progress goes into a file: it redraws a line many times a second."""
    with (TREE / "mutmut.log").open("ab") as log:
        subprocess.run(
            [sys.executable, "-m", "mutmut", *words], cwd=TREE, env={**os.environ, "PYTHONPATH": str(MUTMUT)},
            stdout=log, stderr=log, check=False,
        )  # fmt: skip


def results(module: str) -> dict[str, int | None]:
    """Every mutant of the module → how it ended; None for one that was not tried."""
    path = TREE / "mutants" / "kaohe" / f"{module}.py.meta"
    found: dict[str, int | None] = json.loads(path.read_text("utf-8"))["exit_code_by_key"] if path.is_file() else {}
    return {name: code for name, code in found.items() if not WORDS.search(function(name))}


def function(name: str) -> str:
    """`kaohe.rules.bands.xǁBandǁsays__mutmut_9` → `says`."""
    return name.rpartition("__mutmut_")[0].rpartition(".")[2].rpartition("ǁ")[2]


def sample(names: list[str], many: int, drawn: random.Random) -> list[str]:
    return drawn.sample(names, many) if 0 < many < len(names) else names


def report(module: str, chosen: set[str]) -> None:
    found = results(module)
    tried = {name: code for name, code in found.items() if name in chosen and code is not None}
    left = [name for name, code in tried.items() if code in (*SURVIVED, *UNTESTED)]
    share = f"{(len(tried) - len(left)) / len(tried):.0%}" if tried else "–"
    print(f"{module:22} {len(found):5} mutants, {len(tried):4} tried, {len(tried) - len(left):4} noticed ({share})")
    for name in left:
        print(f"    {name}")


if __name__ == "__main__":
    sys.exit(main())
