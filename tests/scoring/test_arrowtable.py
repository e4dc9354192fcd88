"""Tables written without a data frame are the bytes that one would be written as."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from kaohe.scoring.arrowtable import arrow_table
from kaohe.scoring.booktable import BookTable

VALUES = {
    "text": st.one_of(st.none(), st.text(st.characters(exclude_categories=("Cs",)), max_size=5)),
    "string": st.one_of(st.none(), st.text("甲a\0", max_size=3)),
    "float64": st.one_of(st.none(), st.floats(allow_nan=False)),
    "bool": st.booleans(),
    "boolean": st.one_of(st.none(), st.booleans()),
    "int64": st.integers(-(2**53), 2**53),
    "Int64": st.one_of(st.none(), st.integers(-9, 9)),
}


@st.composite
def tables(draw):
    count = draw(st.integers(0, 12))
    columns = {f"列{kind}": draw(st.lists(of, min_size=count, max_size=count)) for kind, of in VALUES.items()}
    return BookTable(columns, {f"列{kind}": kind for kind in VALUES if kind != "text"})


def _written(table):
    packed = io.BytesIO()
    pq.write_table(table, packed, compression="zstd")
    return packed.getvalue()


@given(tables())
def test_they_are_the_same_bytes(table):
    whole = pa.Table.from_pandas(table.frame(), preserve_index=False)
    assert _written(arrow_table(table)) == _written(whole)
