"""What functions of areas and shapes ask of the formula that they stand in; `evaluation` answers."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

from kaohe.intake.sheets.formulas.arithmetic import Value
from kaohe.intake.sheets.formulas.blocks import Block
from kaohe.intake.sheets.formulas.contents import Contents, Written
from kaohe.intake.sheets.formulas.formula import Node, Reference


class Asked(Protocol):
    """One formula being done again; see `Evaluation` for what each does."""

    book: Contents
    written: Written

    @property
    def slack(self) -> Fraction: ...

    def scalar(self, node: Node) -> Value: ...

    def number(self, node: Node) -> Fraction: ...

    def numbers(self, *nodes: Node, with_truths: bool = False) -> list[Fraction]: ...

    def meant(self, node: Node) -> Node: ...

    def block(self, node: Node) -> Block: ...

    def by_pieces(self, *nodes: Node) -> list[list[Value]]: ...

    def known(self, reference: Reference) -> str: ...

    def is_filtered(self, node: Node) -> bool: ...

    def is_exact(self, *nodes: Node) -> bool: ...

    def overlook(self, value: Value) -> None: ...

    def must_differ(self, one: Fraction, other: Fraction) -> None: ...
