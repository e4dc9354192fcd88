"""pytest's part in `tools/mutants.py`: every test once to see which functions it reaches, then one fork a mutant.

A plugin (`-p tools.mutants_tried`): tests are collected once, so that a change costs no more than the tests that reach
it, the quickest first, until one notices. `MUTANTS` is the folder of what is asked and of what came of it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings

BUILD = Path(os.environ["MUTANTS"])
sys.path.append(str(BUILD / "mutmut"))

from mutmut.mutation import trampoline  # type: ignore[import-not-found]  # noqa: E402

settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate), database=None, deadline=None)

CACHED_IN = "kaohe.rules", "kaohe.scheme", "kaohe.scoring", "tests"
"""What was found without a mutant is forgotten where it is tried; what fixtures of a module hold is not."""
NEVER_ENDS, MEMORY = "stopped: it took too long", 4 << 30


def pytest_runtestloop(session: pytest.Session) -> bool:
    """In the place of pytest's own loop."""
    reached, took = _reached(session)
    if session.testsfailed:
        raise session.Failed("tests fail without a mutant")
    modules = [module for name, module in [*sys.modules.items()] if name.startswith(CACHED_IN)]
    caches = [each for module in modules for each in vars(module).values() if isinstance(each, _lru_cache_wrapper)]
    with (BUILD / "tried.jsonl").open("a", encoding="utf-8") as kept:
        for name, key in json.loads((BUILD / "asked.json").read_text("utf-8")):
            function = name.rpartition("__mutmut_")[0]
            items = sorted(reached[function], key=took.__getitem__)
            by = _noticed_by(session, name, items, sum(took[item] for item in items), caches) if items else ""
            print(json.dumps({"key": key, "name": name, "by": by, "held": len(items)}), file=kept, flush=True)
    return True


def _reached(session: pytest.Session) -> tuple[dict[str, list[pytest.Item]], dict[pytest.Item, float]]:
    """Function → the tests that call it; test → its processor seconds."""
    hits: set[str] = set()
    trampoline.record_trampoline_hit = lambda name, caller=None: hits.add(name)
    trampoline.set_mutant_under_test("stats")
    reached: dict[str, list[pytest.Item]] = defaultdict(list)
    took: dict[pytest.Item, float] = {}
    for item, after in zip(session.items, [*session.items[1:], None], strict=True):
        hits.clear()
        start = time.process_time()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        took[item] = time.process_time() - start
        for name in hits:
            reached[name].append(item)
    trampoline.set_mutant_under_test("")
    return reached, took


def _noticed_by(session: pytest.Session, name: str, items: list[pytest.Item], seconds: float, caches: list[Any]) -> str:
    """The first test that fails under the mutant; empty where all pass. `caches` hold what was found without it."""
    seen, told = os.pipe()
    child = os.fork()
    if not child:
        os.close(seen)
        limit = int(3 * seconds) + 5
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        for cache in caches:
            cache.cache_clear()
        trampoline.set_mutant_under_test(name)
        os.write(told, _first_failure(session, items).encode())
        os._exit(0)
    os.close(told)
    with os.fdopen(seen, "rb") as pipe:
        by = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return by if os.waitstatus_to_exitcode(status) == 0 else NEVER_ENDS


def _first_failure(session: pytest.Session, items: Iterable[pytest.Item]) -> str:
    before = session.testsfailed
    for item in items:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        if session.testsfailed > before:
            return item.nodeid
    return ""
