"""The regulation as it is used: what its files say, with the tree of its items and what follows from both."""

from __future__ import annotations

from functools import cached_property

from kaohe.rules import Term
from kaohe.rules.base import category_key, policy_key
from kaohe.rules.plain import ByTrait, fixed_number
from kaohe.rules.votes import VoteRule
from kaohe.scheme.bycategory import ByCategory
from kaohe.scheme.decimals import shown_decimals
from kaohe.scheme.items import Department, Item, Section
from kaohe.scheme.lookback import asked_of_years
from kaohe.scheme.outcomes import Grade
from kaohe.scheme.root import COLLECTOR, Policy, Root
from kaohe.scheme.tree import Tree, grown, own_id, times_counted
from kaohe.scheme.wants import Beside, wanted_beside


class Scheme(Root):
    """A regulation with what follows from its parts."""

    @cached_property
    def tree(self) -> Tree:
        """Its items with what they inherit, the part files' and each unit's own among them."""
        return grown(self)

    @cached_property
    def indicators(self) -> dict[str, Item]:
        """Every scored leaf by id, in the regulation's order; votes are none, units' own come after those of all."""
        leaves = [node.item for node in self.tree.leaves if not node.is_vote]
        owners = {each.id: place for place, each in enumerate(self.departments, 1)}
        return {item.id: item for item in sorted(leaves, key=lambda item: owners.get(item.unit or "", 0))}

    @cached_property
    def by_category(self) -> ByCategory:
        """What all units of a category have in common."""
        return ByCategory(self.categories, self.indicators, self.tree)

    @cached_property
    def section_of(self) -> dict[str, Section]:
        """The section of each indicator of a part file."""
        return {indicator.id: section for section in self.sections for indicator in section.indicators}

    @cached_property
    def policy(self) -> dict[str, Policy]:
        """Policies by name."""
        return {policy.name: policy for policy in self.policies}

    @cached_property
    def terms(self) -> dict[str, Term]:
        """How metrics, kinds of achievement, policies, categories, groups, items and facts are called."""
        found = {name: metric.term for name, metric in self.metrics.items()}
        found |= {kind: Term(name) for kind, name in self.kinds.items()}
        found |= {policy_key(policy.name): Term(policy.id) for policy in self.policies}
        found |= {category_key(name): Term(category.name) for name, category in self.categories.items()}
        found |= {f"group:{name}": Term(group.name) for name, group in self.groups.items()}
        found |= {f"level:{name}": Term(said) for name, said in self.levels.items()}
        found |= {f"award:{name}": Term(said) for name, said in self.awards.items()}
        found |= {f"class:{name}": Term(said) for name, said in self.classes.items()}
        found |= {f"item:{node.id}": Term(node.item.name, "分") for node in self.tree.nodes.values()}
        found |= {f"declared:{name}": Term(said) for name, said in self.results.declarations.items()}
        found |= {f"vetoed:{name}": Term(veto.name) for name, veto in self.results.vetoes.items()}
        found |= {f"grade:{grade.key}": Term(grade.name) for grade in self.results.grades}
        for name, dimension in self.dimensions.items():
            found[f"dimension:{name}"] = Term(dimension.name)
            found |= {f"{name}:{member}": Term(dimension.called(member)) for member in dimension.names}
        for trait, about in self.traits.items():
            found[f"trait:{trait}"] = Term(about.name)
            found |= {f"{trait}:{value}": Term(said) for value, said in about.values.items()}
        return found

    @cached_property
    def beside(self) -> dict[str, Beside]:
        """What is asked of units beside what their leaves rest on: see `wants`."""
        return wanted_beside(self, self.tree)

    @cached_property
    def asked_of_years(self) -> dict[int, tuple[str, ...]]:
        """Years ago → items (and 等次) that ask for results of that year; 0 are those that ask for this year's."""
        return asked_of_years(self, self.tree)

    @cached_property
    def decimals(self) -> dict[str, int]:
        """Item → decimals its points are shown with."""
        return shown_decimals(self, self.tree)

    def times_in_year(self, name: str) -> int:
        """How often the full mark of an item, which is that of a month or term, counts in the year."""
        within = self.tree[name].within
        return 1 if within is None else times_counted(self, self.tree[within].item)

    @cached_property
    def department(self) -> dict[str, Department]:
        return {department.id: department for department in self.departments}

    def group_of(self, category: str) -> str:
        return self.categories[category].group

    @cached_property
    def _applicable(self) -> dict[str, tuple[Item, ...]]:
        return {
            category: tuple(item for item in self.indicators.values() if category in item.applies)
            for category in self.categories
        }

    def applicable(self, category: str, unit: str | None = None) -> list[Item]:
        """Indicators the text gives to a category (to that very unit), before policies and exemptions."""
        return [item for item in self._applicable[category] if item.unit in (None, unit)]

    def is_own_demand(self, indicator: Item) -> bool:
        """Whether its note is a demand that only its unit's own sheet makes."""
        return indicator.unit is not None and indicator.id in self._own_demands

    @cached_property
    def _own_demands(self) -> frozenset[str]:
        return frozenset(own_id(each.id, item) for each in self.departments for item in each.extra)

    def component_of(self, indicator: str) -> str:
        """The item below the total's children that it stands under; their parent where it is an only child."""
        return self.tree.component[indicator]

    @cached_property
    def exempting(self) -> tuple[Policy, ...]:
        """Policies some reading of which takes indicators from a category."""
        return tuple(policy for policy in self.policies if any(option.exempts for option in policy.options.values()))

    @cached_property
    def own_category(self) -> str:
        """The category of units that have items of their own; empty where none has."""
        own = self.department_common
        return next(iter(self.tree[own.under].applies), "") if own is not None and own.under in self.tree else ""

    def votes_on(self, category: str) -> dict[str, VoteRule]:
        """Item → how its votes count, of items that are votes on units of a category."""
        leaves = (node for node in self.tree.leaves if category in node.applies)
        return {node.id: vote for node in leaves if (vote := node.vote) is not None}

    def places(self, group: str) -> int | None:
        """Places of the best grade in a group, where they are a number; None where there is no such quota."""
        quota = self.top.quota if self.top is not None else None
        figure = quota.places if quota is not None else None
        if isinstance(figure, ByTrait) and figure.trait == "group":
            figure = figure.of.get(group, figure.otherwise)
        number = fixed_number(figure)
        return None if number is None else int(number)

    @property
    def collector(self) -> str:
        """The office that collects what no other one supplies."""
        return self.office or COLLECTOR

    @property
    def deciders(self) -> str:
        """Who decides what is left to a decision, as the procedure calls them."""
        return next((step.by for step in self.process if step.shown_by == "decisions"), "审议机构")

    @cached_property
    def top(self) -> Grade | None:
        """The best grade, where there are grades."""
        return self.results.grades[0] if self.results.grades else None
