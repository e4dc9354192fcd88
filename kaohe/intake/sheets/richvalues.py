"""Pictures that newer Excel puts into cells, by hand or by `IMAGE`: what such a cell holds itself is an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO

from kaohe.intake.sheets.stream import Attributes, Room, XmlReader

METADATA, VALUES, STRUCTURES = "sheetMetadata", "rdRichValue", "rdRichValueStructure"
"""How the workbook calls the parts that say which cells those are."""

_RICH = "http://schemas.microsoft.com/office/spreadsheetml/2017/richdata "
_KIND = "XLRICHVALUE"
_PICTURES = {"_localImage", "_webimage"}


def pictures(parts: Mapping[str, IO[bytes]], room: Room) -> frozenset[str]:
    """The numbers (`vm`) of cells that hold a picture; `parts` by what the workbook calls them."""
    about, values, structures = _Metadata(room), _Values(room), _Structures(room)
    about.feed(parts[METADATA])
    values.feed(parts[VALUES])
    structures.feed(parts[STRUCTURES])
    shown = {at for at, shape in enumerate(values.shapes) if structures.kinds.get(shape) in _PICTURES}
    rich = {kind for kind, name in about.kinds.items() if name == _KIND}
    return frozenset(
        str(number)
        for number, (kind, at) in enumerate(about.cells, start=1)
        if kind in rich and about.values.get(at) in shown
    )


class _Metadata(XmlReader):
    """`cells`: kind and place of what each `vm` stands for; `values`: the rich value of each place."""

    def __init__(self, room: Room) -> None:
        super().__init__(room, "metadata")
        self.kinds: dict[int, str] = {}
        self.values: dict[int, int] = {}
        self.cells: list[tuple[int, int]] = []
        self._is_rich = False
        self._place = -1
        self.on("metadata", "metadataTypes")
        self.on("metadataTypes", "metadataType", self._kind)
        self.on("metadata", "futureMetadata", self._future)
        self.on("futureMetadata", "bk", self._next)
        for around, inside in (("bk", "extLst"), ("extLst", "ext")):
            self.on(around, inside)
        self.on("ext", f"{_RICH}rvb", self._value)
        self.on("metadata", "valueMetadata")
        self.on("valueMetadata", "bk")
        self.on("bk", "rc", lambda each: self.cells.append((int(each["t"]), int(each["v"]))))

    def _kind(self, about: Attributes) -> None:
        self.kinds[len(self.kinds) + 1] = about.get("name", "")

    def _future(self, about: Attributes) -> None:
        self._is_rich, self._place = about.get("name") == _KIND, -1

    def _next(self, _: Attributes) -> None:
        self._place += 1

    def _value(self, about: Attributes) -> None:
        if self._is_rich:
            self.values[self._place] = int(about["i"])


class _Values(XmlReader):
    """The structure of each rich value."""

    def __init__(self, room: Room) -> None:
        super().__init__(room, f"{_RICH}rvData")
        self.shapes: list[int] = []
        self.on(f"{_RICH}rvData", f"{_RICH}rv", lambda about: self.shapes.append(int(about["s"])))


class _Structures(XmlReader):
    def __init__(self, room: Room) -> None:
        super().__init__(room, f"{_RICH}rvStructures")
        self.kinds: dict[int, str] = {}
        self.on(f"{_RICH}rvStructures", f"{_RICH}s", self._take)

    def _take(self, about: Attributes) -> None:
        self.kinds[len(self.kinds)] = about.get("t", "")
