"""The shipped scheme to be changed, and what the audit finds in it as it is."""

import pytest

from kaohe.scheme import shipped
from kaohe.scheme.audit import AuditFinding, audit
from tests.scheme.audited import Key, Tree, flat, thaw


@pytest.fixture
def tree() -> Tree:
    """The shipped scheme, as its files would say it."""
    tree = thaw(shipped("lygtc-2018").model_dump(by_alias=True))
    for each in flat(tree["items"]):
        if not each["then"]:  # written nowhere: what the parent says of each of its items goes on
            del each["then"]
    return tree


@pytest.fixture(scope="session")
def shipped_findings() -> dict[Key, AuditFinding]:
    return {each.key: each for each in audit(shipped("lygtc-2018"))}
