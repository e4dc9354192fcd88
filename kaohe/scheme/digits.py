"""With how many decimals points may be shown; `decimals` says it of each item."""

USUAL = 2
"""Where the regulation rounds nothing."""

MOST = 6
"""Nothing is shown with more."""
