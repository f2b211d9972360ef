"""The one module that talks to DuckDB: opens the file, migrates it, runs the numbered and named SQL.

One process holds the file; each thread takes a cursor of its own. SQL lives in `sql/<area>/<name>.sql`, one
statement a file, and is run by its name with bound parameters.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import itertools
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from emailresponse.errors import (
    DatabaseTooNew,
    EmailResponseError,
    MigrationFailed,
    SettingsError,
    StoreDamaged,
    StoreFull,
    StoreInUse,
)

Record = TypeVar("Record")
_numbers = itertools.count(1)

MEMORY_BYTES = 3 * 10**9
"""What DuckDB may take of a machine that has more."""

#: What the system says through DuckDB where the disk is full.
NO_ROOM = "No space left on device"

#: What DuckDB says of a file that is cut off, altered or none of its own.
DAMAGES = ("not a valid DuckDB", "Corrupt database", "Could not read enough bytes", "checksum")


@functools.cache
def statement(name: str) -> str:
    """Return the text of `sql/<name>.sql`, e.g. `derive/identity`."""
    return importlib.resources.files("emailresponse").joinpath("sql", f"{name}.sql").read_text("utf-8")


class Store:
    """A connection to the workspace's database; `cursor()` gives another thread its own."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
        self._connection = connection
        self.path = path
        self._beside: tuple[str, str] | None = None
        self._turn = threading.Lock()

    @classmethod
    def open(cls, path: Path | None, *, memory_bytes: int | None = None) -> Store:
        """Return the store of a file (None: in memory), migrated to this version.

        DuckDB takes at most `memory_bytes` (default: MEMORY_BYTES, or 60 % of a smaller machine's memory) and
        spills to disk beyond that.

        Raises:
            StoreInUse: another process holds the file.
            SettingsError: the file cannot be opened or made.
            StoreDamaged: the file is cut off or altered, or no database.
            DatabaseTooNew: a newer version made the file.
            MigrationFailed: a migration could not be applied, or an applied one was edited.
        """
        try:
            connection = duckdb.connect(str(path) if path else ":memory:")
            connection.execute("SET GLOBAL TimeZone = 'UTC'")
            # Results carry their own ORDER BY; keeping insertion order would cost memory in large steps.
            connection.execute("SET GLOBAL preserve_insertion_order = false")
            store = cls(connection, path)
            store.limit_memory(memory_bytes)
            store._migrate()
        except duckdb.Error as error:
            raise _unopened(path or Path(), error) from error
        return store

    def limit_memory(self, memory_bytes: int | None = None) -> None:
        """Let DuckDB take at most so many bytes from now on (default: as `open` says)."""
        limit = f"{memory_bytes or _default_memory()}B"
        self._connection.execute("SET GLOBAL memory_limit = $limit", {"limit": limit}).fetchall()

    def cursor(self) -> Store:
        """Return a store on the same database for another thread."""
        # A connection refuses a second call while one is under way, also that for a cursor.
        with self._turn:
            return Store(self._connection.cursor(), self.path)

    def beside(self) -> Store:
        """Return a store whose new tables lie in memory beside the database's, and hide those named alike."""
        name = f"beside_{next(_numbers)}"
        found = self.cursor()
        home = self._connection.execute("SELECT current_database()").fetchall()[0][0]
        found.execute("ATTACH ':memory:' AS ", name)
        found.execute("SET search_path = '", name, ".main,", home, ".main'")
        found._beside = (name, home)  # noqa: SLF001 - a store of its own kind
        return found

    def close(self) -> None:
        """Close this cursor, and what lies beside it; the file is let go with the last one."""
        if self._beside:
            name, home = self._beside
            self.execute("USE ", home)
            self.execute("DETACH ", name)
        with self._turn:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everything inside or nothing of it."""
        self._connection.begin()
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        with self._said():
            self._connection.commit()

    def run(self, name: str, /, **parameters: Any) -> None:
        """Run `sql/<name>.sql` for its effect."""
        self._ask(statement(name), parameters).fetchall()

    def rows(self, name: str, record: type[Record], /, **parameters: Any) -> list[Record]:
        """Return one `record` per row of `sql/<name>.sql`; its columns are the record's fields, in order."""
        result = self._ask(statement(name), parameters)
        _check_columns(name, [column[0] for column in result.description or ()], record)
        return [record(*row) for row in result.fetchall()]

    def measures(self, name: str, record: type[Record], /, **parameters: Any) -> list[Record]:
        """Return one `record` per row of `sql/<name>.sql`, its lists of numbers as numpy arrays."""
        columns = self._ask(statement(name), parameters).fetchnumpy()
        _check_columns(name, list(columns), record)
        return [record(*row) for row in zip(*(values.tolist() for values in columns.values()), strict=True)]

    def value(self, name: str, /, **parameters: Any) -> Any:
        """Return the first value of the first row of `sql/<name>.sql`, or None."""
        found = self._ask(statement(name), parameters).fetchall()
        return found[0][0] if found else None

    def tuples(self, name: str, /, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of `sql/<name>.sql` as tuples."""
        return self._ask(statement(name), parameters).fetchall()

    def arrays(self, name: str, /, **parameters: Any) -> Mapping[str, Any]:
        """Return the columns of `sql/<name>.sql` as numpy arrays by name."""
        return self._ask(statement(name), parameters).fetchnumpy()

    def arrow(self, name: str, /, **parameters: Any) -> pa.Table:
        """Return the rows of `sql/<name>.sql` as one Arrow table."""
        return self._connection.sql(statement(name), params=parameters or None).to_arrow_table()

    def columns(self, name: str) -> list[tuple[str, str]]:
        """Return the names and SQL types of the columns of `sql/<name>.sql`, which takes no parameters."""
        found = self._connection.execute("DESCRIBE " + statement(name)).fetchall()
        return [(column[0], column[1]) for column in found]

    @contextmanager
    def table(self, name: str, rows: pa.Table | pa.RecordBatch) -> Iterator[None]:
        """Let SQL read an Arrow table under `name` while inside."""
        self._connection.register(name, rows)
        try:
            yield
        finally:
            self._connection.unregister(name)

    def execute(self, *pieces: str, **parameters: Any) -> None:
        """Run a statement put together from names and files of this program's own; never from input."""
        with self._said():
            self._connection.execute("".join(pieces), parameters or None).fetchall()

    def _ask(self, text: str, parameters: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        with self._said():
            return self._connection.execute(text, parameters or None)

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Say in our own errors what DuckDB says of the file and the disk."""
        try:
            yield
        except duckdb.Error as error:
            if NO_ROOM in str(error):
                raise StoreFull(self.path or Path(), _reason(error)) from error
            if _is_damage(error):
                raise StoreDamaged(self.path or Path(), _reason(error)) from error
            raise

    def _migrate(self) -> None:
        self.run("store/create_migration")
        applied = dict(self.tuples("store/migrations"))
        known = sorted(
            entry.name
            for entry in importlib.resources.files("migrations").iterdir()
            if entry.name.endswith(".sql")
        )
        unknown = sorted(set(applied) - set(known))
        if unknown:
            raise DatabaseTooNew(self.path or Path(), unknown[-1])
        for name in known:
            text = importlib.resources.files("migrations").joinpath(name).read_text("utf-8")
            checksum = hashlib.sha256(text.encode()).hexdigest()
            if name not in applied:
                self._apply(name, text, checksum)
            elif applied[name] != checksum:
                raise MigrationFailed(name, "it was edited after it had been applied")

    def _apply(self, name: str, text: str, checksum: str) -> None:
        try:
            with self.transaction():
                self._connection.execute(text)
                self.run("store/record_migration", name=name, checksum=checksum)
        except duckdb.Error as error:
            raise MigrationFailed(name, str(error)) from error


def _check_columns(name: str, columns: list[str], record: type[Any]) -> None:
    """Refuse columns that are not the fields of a record, in order."""
    expected = [field.name for field in fields(record)]
    if columns != expected:
        raise TypeError(f"{name}: columns {columns} are not the fields {expected}")


def _unopened(path: Path, error: duckdb.Error) -> EmailResponseError:
    """Return what a person can do about a file that DuckDB cannot open."""
    if "Could not set lock" in str(error):
        return StoreInUse(path, _holder(str(error)))
    if _is_damage(error):
        return StoreDamaged(path, _reason(error))
    return SettingsError(_reason(error), str(path))


def _is_damage(error: duckdb.Error) -> bool:
    """Say whether DuckDB met bytes that it did not write; it has no error class of its own for that."""
    return any(word in str(error) for word in DAMAGES)


def _reason(error: duckdb.Error) -> str:
    return str(error).splitlines()[0].removeprefix("IO Error: ")


def _holder(message: str) -> str | None:
    """Return the process that DuckDB's lock error names, as "name (PID n)"."""
    start = message.find("Conflicting lock is held in ")
    if start < 0:
        return None
    return message[start + len("Conflicting lock is held in ") :].split(". ", maxsplit=1)[0]


def _default_memory() -> int:
    """Return how many bytes DuckDB may take on this machine."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return MEMORY_BYTES
    return min(MEMORY_BYTES, memory * 6 // 10)
