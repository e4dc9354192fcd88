"""What surrounds the package holds together: dependencies, lock, conda, wheel, starters, and nothing private in git."""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

# Where conda-forge calls a package otherwise than PyPI.
CONDA_NAMES = {"playwright": "playwright-python"}


def requirements(*extras: str) -> dict[str, Requirement]:
    listed = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    parsed = map(Requirement, listed)
    return {canonicalize_name(requirement.name): requirement for requirement in parsed}


@cache
def committed() -> list[Path]:
    """Every file that is in git, or would be after `git add .`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [path for name in sorted(set(listed.split("\0"))) if name and (path := ROOT / name).is_file()]


# Dependencies


def test_conda_lists_the_same_dependencies():
    listed = YAML(typ="safe").load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    conda = [Requirement(line) for line in listed if isinstance(line, str)]
    expected = {CONDA_NAMES.get(name, name): wanted.specifier for name, wanted in requirements("test").items()}
    expected = {"python": Requirement(f"python{PROJECT['requires-python']}").specifier, **expected}
    assert {canonicalize_name(line.name): line.specifier for line in conda if line.name != "pip"} == expected
    assert [line for line in listed if not isinstance(line, str)] == [{"pip": ["--editable ."]}]


def test_the_lock_holds_versions_only():
    lines = [line for line in lock_lines() if not re.fullmatch(r"[a-z0-9-]+==[a-z0-9.]+( ; [\w .<>=!'()*]+)?", line)]
    assert lines == []


def test_the_lock_pins_every_dependency_within_its_range():
    pinned: dict[str, list[str]] = {}
    for requirement in map(Requirement, lock_lines()):
        pinned.setdefault(canonicalize_name(requirement.name), []).append(str(requirement.specifier)[2:])
    for name, requirement in requirements(*PROJECT["optional-dependencies"]).items():
        assert name in pinned, f"{name} is not in requirements.lock: run `make lock`"
        for version in pinned[name]:
            assert version in requirement.specifier, f"requirements.lock has {name} {version}: run `make lock`"


def lock_lines() -> list[str]:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


# The wheel


@pytest.mark.slow
def test_the_wheel_carries_schemes_templates_and_notebooks(tmp_path):
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", tmp_path, ROOT], check=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    package = {path.relative_to(ROOT).as_posix() for path in committed() if path.is_relative_to(ROOT / "kaohe")}
    notebooks = {f"kaohe/notebooks/{path.name}" for path in NOTEBOOKS}
    assert inside == package | notebooks
    assert notebooks
    assert any(re.match(r"kaohe/scheme/schemes/.+\.yaml", name) for name in inside)


# What users start with


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_readmes_open_with_the_two_commands(name):
    opening = (ROOT / name).read_text("utf-8").splitlines()[:20]
    assert any("make report" in line for line in opening)
    assert any("make test" in line for line in opening)


def test_ci_runs_make_test():
    script = ROOT / ".ci/run"
    commands = [line for line in script.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert commands[-1] == "make test"
    if os.name == "posix":
        assert os.access(script, os.X_OK)


@pytest.mark.skipif(os.name != "posix", reason="the Makefile is for Linux and macOS")
@pytest.mark.parametrize("candidates", ["false", "/no/such/python"])
def test_make_says_that_python_is_too_old(candidates):
    # `false` fails the question as an old Python does. Another folder for the environment: this one exists already.
    command = ["make", f"PYTHON={candidates}", "VENV=no-such-folder", "no-such-folder/.created"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert made.returncode != 0
    assert "kaohe needs Python 3.11 or newer" in made.stderr
    assert not (ROOT / "no-such-folder").exists()


LANGUAGE = "tools/jupyter/labconfig/default_setting_overrides.json"
"""Defaults of JupyterLab; what the user has set goes before them."""


def test_make_lab_starts_in_chinese():
    assert json.loads((ROOT / LANGUAGE).read_text("utf-8")) == {
        "@jupyterlab/translation-extension:plugin": {"locale": "zh_CN"}
    }
    assert 'JUPYTER_CONFIG_PATH="$(CURDIR)/tools/jupyter' in (ROOT / "Makefile").read_text("utf-8")


class TestWindowsStarter:
    """开始.bat cannot run here; what can be checked without Windows is."""

    path = ROOT / "开始.bat"
    text = path.read_bytes().decode("utf-8")
    lines = text.splitlines()

    def test_line_ends_and_encoding(self):
        assert self.text.count("\n") == self.text.count("\r\n") == len(self.lines)
        assert "\r" not in self.text.replace("\r\n", "")
        assert not self.text.startswith("\N{BYTE ORDER MARK}")
        chinese = [number for number, line in enumerate(self.lines) if not line.isascii()]
        # cmd reads by code page: nothing but ASCII before it is set, and no Chinese that it would have to interpret.
        assert self.lines.index("chcp 65001 >nul") < min(chinese)
        for number in chinese:
            assert re.fullmatch(r"echo [^&|<>()^%!\"]+", self.lines[number])

    def test_every_label_is_there_and_every_failure_pauses(self):
        labels = {line[1:] for line in self.lines if line.startswith(":")}
        assert set(re.findall(r"(?:goto |call :)(\w+)", self.text)) <= labels
        assert self.lines[-3:] == [":failed", "pause", "exit /b 1"]

    def test_files_it_needs_exist(self):
        for name in ("requirements.lock", "pyproject.toml", "notebooks", LANGUAGE):
            assert (ROOT / name).exists()
        assert "--constraint requirements.lock --editable ." in self.text
        assert "-m jupyterlab notebooks" in self.text
        assert 'set "DEFAULTS=%CD%\\tools\\jupyter"' in self.lines

    def test_the_python_inside_runs(self):
        version, installed_here = (code for code in re.findall(r'-c "(.+?)"', self.text) if code.startswith("import"))
        assert "(3, 11)" in version + installed_here
        for code in (version, installed_here):
            subprocess.run([sys.executable, "-I", "-c", code], cwd=ROOT, check=True)

    def test_a_copied_folder_is_noticed(self, tmp_path):
        [code] = re.findall(r'-c "(import importlib.+?)"', self.text)
        (tmp_path / "kaohe").mkdir()
        (tmp_path / "kaohe/__init__.py").touch()
        assert subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path).returncode == 1


# What is in git


def test_notebooks_carry_no_outputs():
    for path in NOTEBOOKS:
        notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            assert not cell.get("outputs"), f"{path.name}: a cell has outputs"
            assert cell.get("execution_count") is None, f"{path.name}: a cell has an execution count"
        assert "widgets" not in notebook["metadata"], f"{path.name}: widget state"


# Spelt in pieces, or this file would find itself.
PRIVATE = {
    "registry": rb"pypi\.org|python" rb"hosted|npm" rb"js\.org|deb\.debian|index-url|find-links",
    "machine path": rb"(?<![\w.])/(?:home|root|Users|work|opt/(?:wheels|pypi))/\w",
    "Windows path": rb"[A-Z]:\\+Users\\+\w",
    "e-mail address": rb"[\w.+-]+@[\w-]+\.(?:com|cn|org|net|edu)\b",
}


def test_nothing_committed_names_a_registry_a_machine_or_a_person():
    found = []
    for path in committed():
        for content in contents(path):
            for what, pattern in PRIVATE.items():
                found += [f"{path.relative_to(ROOT)}: {what} {hit!r}" for hit in re.findall(pattern, content)]
    assert found == []


def contents(path: Path) -> list[bytes]:
    """A file's text; of a workbook, the text of its parts."""
    if path == Path(__file__):
        return []
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            return [archive.read(name) for name in archive.namelist()]
    return [path.read_bytes()]


def test_workbooks_name_no_author():
    for path in committed():
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                properties = archive.read("docProps/core.xml").decode()
            authors = re.findall(r"<(?:dc:creator|cp:lastModifiedBy)[^>]*>([^<]*)<", properties)
            assert set(authors) <= {"", "openpyxl", "kaohe"}, f"{path.name} names {authors}"


FILES_OF_THE_MANUAL = re.findall(
    r"^    kaohe .*?(\S+\.(?:xlsx|html))", (ROOT / "docs/手册.md").read_text("utf-8"), re.M
)


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("data/raw/2018-2019/units.csv", False),
        ("data/raw/2020-2021/教务处/教务处.xlsx", False),
        ("data/raw/2020-2021/~$教务处.xlsx", True),
        ("data/raw/2021-2022/units.csv", True),
        ("data/raw/notes.txt", True),
        ("data/processed/2018-2019/scores.parquet", True),
        ("data/processed/.gitkeep", False),
        ("reports/index.html", True),
        ("reports/.gitkeep", False),
        ("kaohe/reports/page.py", False),
        ("kaohe/data/raw/2021-2022/x.py", False),
        ("tests/data/processed/x.csv", False),
        ("notebooks/.ipynb_checkpoints/annual-checkpoint.ipynb", True),
        ("kaohe/结果.xlsx", False),
        ("tests/收到/x.xlsx", False),
        *((name, True) for name in FILES_OF_THE_MANUAL),
    ],
)
def test_real_years_and_results_stay_out_of_git(path, ignored):
    committed()  # skips outside a checkout
    asked = subprocess.run(["git", "check-ignore", "--quiet", "--no-index", path], cwd=ROOT)
    assert (asked.returncode == 0) == ignored
