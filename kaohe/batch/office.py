"""What Word and PowerPoint open, as bytes."""

from __future__ import annotations

import io
from typing import Any

from kaohe.files.timeless import timeless


def office_bytes(document: Any, title: str) -> bytes:
    """A document or presentation, without the moment it was made: the same year gives the same bytes."""
    document.core_properties.author, document.core_properties.title = "kaohe", title
    out = io.BytesIO()
    document.save(out)
    return timeless(out.getvalue())
