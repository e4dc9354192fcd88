"""Every combination of readings, exactly: readings that touch the same items, reduced to their distinct effects."""
