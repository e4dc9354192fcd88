"""The invented college in data files: its units, what is rated, the numbers beside ratings, the words."""

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

YEARS = ("2018-2019", "2019-2020", "2020-2021")
CHIEFS = ("党委书记", "校长")
DEPUTIES = ("党委副书记", "纪委书记", "副校长1", "副校长2", "副校长3", "副校长4")
RATERS = ("评委1", "评委2", "评委3", "评委4", "评委5")


@cache
def profile(name: str) -> dict[str, Any]:
    """The data file `name`.yaml of this folder; shared, so callers must not change it."""
    return YAML(typ="safe").load(Path(__file__).with_name(f"{name}.yaml").read_text(encoding="utf-8"))


def yuanbu() -> dict[str, dict]:
    return profile("units")["yuanbu"]


def departments() -> dict[str, dict]:
    return profile("units")["departments"]


def all_units() -> dict[str, dict]:
    """Every unit with its category, 院部 first."""
    return yuanbu() | {unit: {"category": "department"} | facts for unit, facts in departments().items()}
