"""The raw tables and the words of their codes as the shipped scheme has them, codes in the short words of offices."""

from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.names import codes_of
from kaohe.scheme import scheme_in_force

SHIPPED = scheme_in_force("2018-2019")
TABLES = tables_of(SHIPPED)
SHORT = {
    (table, "kind"): {code: said for said, code in reversed(words.items())} for table, words in SHIPPED.also.items()
}
CODES = {at: {**codes, **SHORT.get(at, {})} for at, codes in codes_of(SHIPPED).items()}
ALSO = {(table, "kind"): words for table, words in SHIPPED.also.items()}
