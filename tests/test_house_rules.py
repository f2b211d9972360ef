"""The design's rules about files, SQL, modules and docs, checked on the files themselves."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from cli.main import COMMANDS, group
from tests.conftest import ROOT

PACKAGES = ("emailresponse", "connectors", "syncing", "web", "cli", "migrations")
SQL = ROOT / "emailresponse" / "sql"
STATEMENTS = sorted(SQL.rglob("*.sql"))
MIGRATIONS = sorted((ROOT / "migrations").glob("*.sql"))
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
README = (ROOT / "README.md").read_text("utf-8")
PRODUCT = "\n".join(path.read_text("utf-8") for path in MODULES)

sql_file = pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: str(path.relative_to(SQL)))
module = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))


def without_comments(text: str) -> str:
    """Return SQL without its comments and string literals."""
    return re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", " ", text, flags=re.DOTALL)


def tree(path: Path) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse(path.read_text("utf-8"))


@sql_file
def test_sql_file_is_one_statement(path):
    """Every SQL file holds exactly one statement."""
    assert len(duckdb.extract_statements(path.read_text("utf-8"))) == 1


@sql_file
def test_sql_file_begins_with_a_comment(path):
    """Every SQL file says first what one row is."""
    assert re.match(r"-- \S.{5,}", path.read_text("utf-8"))


@sql_file
def test_sql_file_is_used(path):
    """No SQL file lies about unused: its name stands in the product's code."""
    name = path.relative_to(SQL).with_suffix("").as_posix()

    assert name in PRODUCT or _is_built(name), f"nothing runs {name}"


def _is_built(name: str) -> bool:
    """Say whether code puts the name together: f"area/{name}", or f"area/new_{name}"."""
    area, _, last = name.rpartition("/")
    words = last.split("_")
    starts = ["".join(f"{word}_" for word in words[:count]) for count in range(len(words))]
    return any(
        f'"{last.removeprefix(start)}"' in PRODUCT and f'"{area}/{start}{{' in PRODUCT for start in starts
    )


@pytest.mark.parametrize(
    "path", sorted((SQL / "derive").rglob("*.sql")), ids=lambda path: str(path.relative_to(SQL))
)
def test_derive_file_names_its_partition_key(path):
    """Every derivation names the key across which its rows never meet."""
    head = "\n".join(line for line in path.read_text("utf-8").splitlines() if line.startswith("--"))

    assert re.search(r"partition key", head, re.IGNORECASE)


@pytest.mark.parametrize(
    "path", sorted((SQL / "report").rglob("*.sql")), ids=lambda path: str(path.relative_to(SQL))
)
def test_report_is_a_select(path):
    """A report asks and changes nothing."""
    (statement,) = duckdb.extract_statements(path.read_text("utf-8"))

    assert statement.type == duckdb.StatementType.SELECT


@sql_file
def test_now_is_a_parameter(path):
    """No SQL asks the machine what time it is."""
    text = without_comments(path.read_text("utf-8"))

    assert not re.search(
        r"\b(now|today|get_current_timestamp)\s*\(|\bcurrent_(date|time|timestamp)\b", text, re.IGNORECASE
    )


@module
def test_now_comes_from_the_edge(path):
    """Below cli and web no code asks the machine what time it is."""
    if path.relative_to(ROOT).parts[0] in {"cli", "web"}:
        pytest.skip("the edge may ask")
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and not node.args
    }

    assert not calls & {"datetime.now", "datetime.utcnow", "date.today", "time.time", "datetime.today"}


@module
def test_module_has_about_300_lines(path):
    """A longer module argues for its length in its docstring, else it is split by noun."""
    lines = len(path.read_text("utf-8").splitlines())
    docstring = ast.get_docstring(tree(path)) or ""

    assert lines <= 300 or "one noun" in docstring, f"{lines} lines: split, or say why it is one noun"


@module
def test_module_class_and_function_have_docstrings(path):
    """Every module, public class and public function says what holds afterwards."""
    found = tree(path)
    bare = [
        node.name
        for node in ast.walk(found)
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and node in _public(found)
    ]

    assert ast.get_docstring(found)
    assert not bare


def _public(found: ast.Module) -> list[ast.AST]:
    inside = [child for node in found.body if isinstance(node, ast.ClassDef) for child in node.body]
    return [*found.body, *inside]


@module
def test_one_module_talks_to_duckdb(path):
    """Only the store imports DuckDB."""
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [n.name for n in node.names]
        )
    }

    assert "duckdb" not in imported or path == ROOT / "emailresponse" / "store.py"


@module
def test_sql_stands_in_files(path):
    """No statement is written inside Python, but for frames around a name or a file of SQL."""
    texts = [
        node.value
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    assert not [
        text
        for text in texts
        if re.match(r"\s*(SELECT\s.+\sFROM\s|(INSERT INTO|UPDATE|DELETE FROM)\s+\w)", text, re.DOTALL)
    ]


@module
def test_module_is_no_drawer(path):
    """A module is a noun of the glossary, never a place for what belongs nowhere."""
    assert path.stem not in {"utils", "util", "helpers", "common", "manager", "service", "misc"}


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.name)
def test_no_column_can_hold_a_body(path):
    """Facts are header fields: no table has a place for what a message says."""
    columns = re.findall(r"^\s+(\w+)\s+[A-Z]", without_comments(path.read_text("utf-8")), re.MULTILINE)

    assert columns
    assert not {c for c in columns if re.search(r"body|snippet|content|text|preview|html|attachment", c)}


def test_migrations_are_numbered_without_a_gap():
    """Migrations are applied in the order of their numbers."""
    assert [path.name[:4] for path in MIGRATIONS] == [f"{n:04d}" for n in range(1, len(MIGRATIONS) + 1)]


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_command_is_in_the_readme(command):
    """A stranger finds every command in the README, with an example."""
    assert f"`emailresponse {command}" in README


EXAMPLES = re.findall(r"^\| .+ \| `emailresponse (.+)` \|$", README, re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_of_the_readme_is_a_command(example):
    """Each example of the README has only commands and options that there are."""
    *words, last = shlex.split(example)
    shown = CliRunner().invoke(group, [*words, last, "--help"])

    assert shown.exit_code == 0, shown.output
    for option in (word for word in words if word.startswith("--")):
        assert option in shown.output


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_command_help_has_an_example(command):
    """`--help` of every command says what it does, with an example."""
    shown = CliRunner().invoke(group, [command, "--help"])

    assert shown.exit_code == 0, shown.output
    assert "emailresponse" in shown.output.partition("Example")[2]


def test_every_dependency_is_pinned():
    """What is installed is named exactly, and comes from no address of one machine."""
    lines = [
        line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line and line[0] != "#"
    ]

    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.!+]+", line) for line in lines)


def test_every_target_of_the_makefile_says_what_it_does():
    """Each target of the Makefile says what it does."""
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)

    assert phony
    for target in phony[1].split():
        assert re.search(rf"^{target}:.*## ", text, re.MULTILINE), target


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests").rglob("test_*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_test_is_a_sentence(path):
    """Each test says in its docstring what holds."""
    bare = [
        node.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]

    assert not bare
