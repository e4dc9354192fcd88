"""What is raised where results may not be written or made public now; light, for kernels of public pages too."""


class RefusedError(RuntimeError):
    """Results that may not be written now; says in Chinese why."""


class UncomputableError(RefusedError):
    """A rule that has no answer for some unit's figures; says in Chinese which item and units."""
