"""What people judged or voted stays confidential in every sentence that is made of it, whatever follows after it."""

import pytest
from pydantic import TypeAdapter

from kaohe.rules.after import After, EachMember, Step
from kaohe.rules.kinds import AnyFigure
from tests.rules.given import Given, ballot

read = TypeAdapter(AnyFigure).validate_python
JUDGED = {"kind": "judged", "out_of": 100}


class Voted(Given):
    def votes(self, vote, facet):
        cast = {"excellent": 8, "qualified": 1, "unqualified": 1}
        return {("", name): self.numbers.array([count] * self.size) for name, count in cast.items()}

    def at(self, dimension, member):
        return self


def after(of):
    return After(of=read(of), steps=(Step.model_validate({"at_most": 5}),))


MADE = {
    "then": after,
    "each month": lambda of: EachMember(of=read(of), dimension="month", members=("1", "2")),
    "limit": lambda of: read({"kind": "limit", "of": of, "at_most": 5}),
    "cap": lambda of: read({"kind": "cap", "of": of, "at": 5}),
    "product": lambda of: read({"kind": "product", "parts": [of, 2]}),
    "best": lambda of: read({"kind": "best", "parts": [of, 1]}),
}


@pytest.mark.parametrize("of", [JUDGED, ballot()], ids=["judged", "voted"])
@pytest.mark.parametrize("made", MADE)
def test_every_sentence_is_confidential(made, of):
    figure = MADE[made](of)
    inputs = Voted(1, full_mark=10, rated=[(80, 90)])
    sentences = figure.words(figure.points(inputs).trace(figure, 0), {})
    assert sentences
    assert [sentence.text for sentence in sentences if not sentence.confidential] == []
