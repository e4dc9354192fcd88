"""Rewrites the reference of kinds in docs/办法怎样写成数据.md: `python tools/kinds_in_docs.py`."""

from pathlib import Path

from kaohe.scheme.kindbook import renewed

DOCUMENT = Path(__file__).parents[1] / "docs" / "办法怎样写成数据.md"

if __name__ == "__main__":
    DOCUMENT.write_text(renewed(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
