"""How each raw table is filled in: whether an office is asked, what its columns say, what must fit in a row.

A module describes the sheet of a table as `FORM`; being here is enough. What the table itself is stands in
`kaohe/intake/raw`.
"""
