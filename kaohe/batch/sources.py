"""What a run reads, by its content: its data folder, the code, and the files of schemes wherever they lie.

Nothing heavy is imported here.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from kaohe.batch.layout import notebooks_folder
from kaohe.files import kaohe_version
from kaohe.files.contents import below, code_files, content


def sources(data: Path) -> bytes:
    """Changes with every byte of the raw data and of what is said of whose they are; not with what runs note there."""
    digest, data = hashlib.sha256(), data.resolve()  # the same from wherever it is called
    for path in (*below(data / "raw"), *sorted(data.glob("*.yaml"))):
        if _is_note(path):
            continue
        try:
            digest.update(content(path))
        except OSError:  # whether it is the same nobody can say
            digest.update(os.urandom(16))
    return digest.digest()


def notes(data: Path) -> Iterator[Path]:
    """What runs themselves write among the raw data."""
    return filter(_is_note, below(data.resolve() / "raw"))


def _is_note(path: Path) -> bool:
    return path.suffix == ".lock" or (path.name.startswith(".kaohe-") and path.suffix == ".jsonl")


def rested_on(data: Path) -> bytes:
    """With `sources` the code, the schemes that ship and the notebooks: the same before a run and after it, but for
    what others changed."""
    digest = hashlib.sha256(kaohe_version().encode() + sources(data))
    for path in (*code_files(), *sorted(notebooks_folder().glob("*.ipynb"))):
        digest.update(content(path))
    return digest.digest()


def elsewhere(read: Mapping[Path, str], data: Path) -> dict[str, str]:
    """Files of schemes that lie in none of these places, with their hashes as they were `read`; of each folder of
    theirs, too, which others are there: a scheme may take all that there are (`parts: [items/*.yaml]`)."""
    files = {path: hash for path, hash in sorted(read.items()) if not _is_known(path.resolve(), data)}
    folders = {path.parent for path in files if path.parent.is_dir()}  # whoever read in this process may be gone
    return {str(path): hash for path, hash in files.items()} | {str(path): _hash(path) for path in sorted(folders)}


def stands_elsewhere(found: Mapping[str, str]) -> bool:
    """Whether all of it is as `elsewhere` found it; OSError where something cannot be read any more."""
    return all(_hash(Path(path)) == hash for path, hash in found.items())


def _hash(path: Path) -> str:
    """Of a file its content, of a folder which YAML files are in it."""
    if not path.is_dir():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    from kaohe.scheme.yamlfile import KINDS

    names = sorted(each.name for each in path.iterdir() if each.suffix.casefold() in KINDS)
    return hashlib.sha256("\0".join(names).encode(errors="surrogateescape")).hexdigest()


def _is_known(path: Path, data: Path) -> bool:
    """Whether `rested_on` knows the file."""
    package, raw = Path(__file__).resolve().parents[1], (data / "raw").resolve()
    return path.is_relative_to(package) or path.is_relative_to(raw) or path.parent == data.resolve()
