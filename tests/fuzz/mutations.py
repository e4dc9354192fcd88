"""All classes of mutation, by what they change; each says what was meant by the table it makes."""

from __future__ import annotations

from tests.fuzz import of_cells, of_files, of_tables
from tests.fuzz.targets import Mutation

MUTATIONS: tuple[Mutation, ...] = (
    of_cells.spelled_otherwise,
    of_cells.invisible_characters,
    of_cells.lookalikes,
    of_cells.percentages,
    of_cells.percentages_out_of_place,
    of_cells.number_formats,
    of_cells.printed_words,
    of_cells.rich_text,
    of_cells.commas_for_points,
    of_cells.error_cells,
    of_cells.formulas,
    of_cells.other_types,
    of_cells.out_of_range,
    of_cells.words,
    of_cells.dates,
    of_cells.no_dates,
    of_cells.odd_xml,
    of_tables.decorated_headers,
    of_tables.columns_in_another_order,
    of_tables.blank_rows_and_columns,
    of_tables.repeated_headers,
    of_tables.missing_headers,
    of_tables.titles_above,
    of_tables.headers_again_below,
    of_tables.rows_again,
    of_tables.in_two_files,
    of_tables.decorated_ids,
    of_tables.unknown_ids,
    of_tables.merged,
    of_tables.hidden,
    of_tables.sheet_names,
    of_tables.huge_ranges,
    of_tables.active_content,
    of_files.encodings,
    of_files.separators,
    of_files.commas_in_numbers,
    of_files.fields_too_many_or_few,
    of_files.quotation_marks,
    of_files.cut_text,
    of_files.cut_workbooks,
    of_files.flipped_bits,
    of_files.other_files_of_the_name,
    of_files.names_of_files,
)
"""Forty-three classes."""
