"""The formulas of a workbook, done again and held against their saved results."""
