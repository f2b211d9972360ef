"""An export is complete, exact, readable by a spreadsheet, and never half-written."""

from __future__ import annotations

import csv
import re

import pyarrow.parquet as pq
import pytest

from emailresponse.export import TABLES

pytest_plugins = ["tests.asked_workspace"]

NEEDED = {
    "opened_by",
    "opened_at",
    "closed_by",
    "closed_at",
    "credit",
    "class",
    "chasers",
    "calendar_seconds",
    "business_seconds",
    "state",
    "flags",
}


def rows(path):
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_table_is_written_in_both_formats(desk):
    """The same tables with as many rows."""
    assert desk.run("export", "flat", "--format", "csv")[0] == 0
    assert desk.run("export", "exact")[0] == 0
    for name in TABLES:
        assert (
            len(rows(desk.folder / "flat" / f"{name}.csv"))
            == pq.read_metadata(desk.folder / "exact" / f"{name}.parquet").num_rows
        )
    assert not list(desk.folder.glob("*/.*.part"))


def test_waits_carry_what_is_promised(desk):
    """Keys have no <>, times are ISO 8601 UTC with Z."""
    desk.run("export", "flat", "--format", "csv")
    found = rows(desk.folder / "flat" / "waits.csv")
    assert set(found[0]) >= NEEDED
    (answered,) = [row for row in found if row["state"] == "answered"]
    assert (answered["opened_by"], answered["closed_by"]) == ("m1@client.example", "m3@acme.com")
    assert answered["opened_at"] == "2026-03-02T08:00:00.000000Z"
    assert (answered["calendar_seconds"], answered["chasers"], answered["flags"]) == ("3600.0", "1", "")
    for row in found:
        assert all(re.fullmatch(r"\S+Z", row[name]) for name in row if name.endswith("_at") and row[name])


def test_conversations_and_verdicts_name_every_message(desk):
    """One row per message in each."""
    desk.run("export", "flat", "--format", "csv")
    conversations = rows(desk.folder / "flat" / "conversations.csv")
    assert len(conversations) == 6
    assert {
        row["conversation"] for row in conversations if row["message_key"].startswith(("m1@", "m2@", "m3@"))
    } == {"m1@client.example"}
    verdicts = {
        row["message_key"]: (row["verdict"], row["rule"])
        for row in rows(desk.folder / "flat" / "verdicts.csv")
    }
    assert verdicts["m5@shop.example"] == ("bulk", "bulk")
    assert verdicts["m1@client.example"] == ("human", "")


def test_spreadsheet_runs_nothing(desk):
    """A subject that is a formula begins with an apostrophe in CSV, and is as it was in Parquet."""
    desk.run("export", "flat", "--format", "csv")
    desk.run("export", "exact")
    subjects = {row["subject"] for row in rows(desk.folder / "flat" / "messages.csv")}
    assert subjects == {"'=2+5 machines?", "Prices"}
    exact = pq.read_table(desk.folder / "exact" / "messages.parquet").column("subject").to_pylist()
    assert set(exact) == {"=2+5 machines?", "Prices"}


def test_answered_only_figures_are_named_so(desk):
    """The flattering mean exists here, under its name."""
    desk.run("export", "flat", "--format", "csv")
    (lead,) = [
        row
        for row in rows(desk.folder / "flat" / "summary.csv")
        if (row["class"], row["clock"]) == ("lead", "calendar")
    ]
    assert (lead["answered_only_mean_seconds"], lead["p90_seconds"]) == ("3600.0", "")


def test_export_as_of_the_past(desk):
    """What came later is not in it."""
    desk.run("export", "then", "--format", "csv", "--as-of", "2026-03-02T08:45Z")
    (wait,) = rows(desk.folder / "then" / "waits.csv")
    assert (wait["closed_by"], wait["calendar_seconds"]) == ("", "2700.0")
    copies = rows(desk.folder / "then" / "copies.csv")
    assert {row["copied_at"] < "2026-03-02T08:45" for row in copies} == {True}


def test_folder_with_other_things_is_refused(desk):
    """Only forced is something put beside what is there; an own folder is written again."""
    (desk.folder / "mine").mkdir()
    (desk.folder / "mine" / "letter.txt").write_text("dear", "utf-8")
    status, _, err = desk.run("export", "mine")
    assert (status, "--force" in err) == (2, True)
    assert desk.run("export", "mine", "--force")[0] == 0
    assert (desk.folder / "mine" / "letter.txt").read_text("utf-8") == "dear"
    assert desk.run("export", "own")[0] == 0
    assert desk.run("export", "own")[0] == 0


def test_two_exports_are_the_same(desk):
    """The same facts give the same files."""
    for name in ("one", "two"):
        desk.run("export", name, "--format", "csv")
    for table in TABLES:
        first, second = ((desk.folder / name / f"{table}.csv").read_bytes() for name in ("one", "two"))
        assert first == second, table


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_failed_export_leaves_no_half_file(desk, form, monkeypatch):
    """What was there stays whole."""
    from emailresponse.store import Store

    assert desk.run("export", "own", "--format", form)[0] == 0
    before = (desk.folder / "own" / f"waits.{form}").read_bytes()

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "execute", stop)
    assert desk.run("export", "own", "--format", form)[0] == 130
    assert (desk.folder / "own" / f"waits.{form}").read_bytes() == before
    assert not list((desk.folder / "own").glob(".*.part"))
