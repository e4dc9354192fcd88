"""How a year's results stand, in words: open or final, of which date, by which version."""

from __future__ import annotations

from pathlib import Path

from kaohe.scoring import history
from kaohe.scoring.write import FINAL, OPEN, read_manifest


def standing(folder: Path) -> str:
    """One line for the head of every page; empty where nothing was scored. The date is that of the
    scoring that first came to these results."""
    about = read_manifest(folder)
    past = history.scorings(folder)
    if not about or not past:
        return ""
    final = history.frozen_by(folder)
    state = f"{FINAL}（{final.day}）" if final else f"{OPEN}（尚未定稿）"
    run = [name for name, policy in about["policies"].items() if policy["origin"] == "run"]
    trial = f"　试算读法：{'、'.join(run)}" if run else ""
    return f"{state}　数据截至 {past[-1].day}　kaohe {about['kaohe']}{trial}"
