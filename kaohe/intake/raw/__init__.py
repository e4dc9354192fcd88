"""The raw tables, a module each: its columns, how its rows are read, united, checked, held and found again.

A module describes its table as `TABLE`; being here is enough (`kaohe.intake.tables.vocabulary.TABLES`).
"""
