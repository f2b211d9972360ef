"""The commands that ask: what they print is what the reports say, and no input ends in a traceback."""

from __future__ import annotations

import csv
import io

import pytest

pytest_plugins = ["tests.asked_workspace"]


def test_report_says_the_headline_and_a_line_per_person(desk):
    """Three leads, one answered after an hour, one too young to be judged."""
    status, out, _ = desk.run("report", "--goal", "1h")
    assert status == 0
    assert "Within goal      50 % (9-91) of 2 judged" in out
    assert "as asked" in out
    assert "Ada" in out
    assert max(len(printed) for printed in out.splitlines()) <= 80


def test_report_in_json_keeps_absent_as_null(desk):
    """A quarter without waits has no figures, and none of them is 0."""
    found = desk.ask("report", "--since", "2025-01-01", "--until", "2025-03-31")
    assert found["summary"]["n"] == 0
    assert found["summary"]["share"] is None
    assert found["summary"]["median"]["seconds"] is None
    assert found["previous"]["n"] == 0
    assert found["rows"] == []


def test_report_in_csv_has_a_line_per_group(desk):
    """Asked by company, a line per company; else the summary in one line."""
    _, out, _ = desk.run("report", "--by", "company", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["key"] for row in rows} == {"client.example", "other.example", "third.example"}
    _, out, _ = desk.run("report", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert (row["n"], row["p90_is_reached"], row["p90_seconds"]) == ("3", "False", "")


@pytest.mark.parametrize(
    ("by", "lines"), [("day", 5), ("week", 1), ("month", 1), ("team", 1), ("class", 1), ("contact", 3)]
)
def test_report_by_anything(desk, by, lines):
    """Each way to group gives its lines."""
    assert len(desk.ask("report", "--by", by)["rows"]) == lines


def test_as_of_the_past_knows_nothing_later(desk):
    """On the 2nd at 8:45 Kim was still waiting, and Lee had not written."""
    found = desk.ask("report", "--as-of", "2026-03-02T08:45Z")["summary"]
    assert (found["n"], found["open_count"], found["as_of_at"]) == (1, 1, "2026-03-02T08:45:00Z")
    assert desk.ask("report")["summary"]["n"] == 3


def test_waits_lists_what_is_open_and_how_to_see_more(desk):
    """Two wait; with a limit of one the next is a step away."""
    status, out, _ = desk.run("waits", "--open", "--limit", "1")
    assert status == 0
    assert "lee@other.example > Ada" in out or "lee@other.example > ada@acme.com" in out
    assert "1 of 2 waits" in out
    assert "--after 1" in out
    page = desk.ask("waits", "--unanswered", "--order", "newest")["page"]
    assert [wait["contact"] for wait in page["waits"]] == ["max@third.example", "lee@other.example"]


def test_waits_in_csv_join_their_flags(desk):
    """Spreadsheets read it."""
    _, out, _ = desk.run("waits", "--answered", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert (row["chasers"], row["closed_by"], row["calendar_seconds"]) == ("1", "m3@acme.com", "3600.0")


def test_explain_shows_every_message_and_its_part(desk):
    """By the wait's id or any message of it, with or without <>."""
    wait_id = desk.ask("waits", "--answered")["page"]["waits"][0]["wait_id"]
    for name in (wait_id, "m2@client.example", "<m2@CLIENT.example>"):
        status, out, _ = desk.run("explain", name)
        assert status == 0
        assert f"Opened wait {wait_id}" in out
        assert f"Chaser of wait {wait_id}" in out
        assert f"Closed wait {wait_id}" in out
        assert "2026-03-02 09:00 to 2026-03-02 10:00  1 h" in out
    trace = desk.ask("explain", wait_id)
    assert [message["role"] for message in trace["messages"]] == ["opener", "chaser", "closer"]
    assert sum(span["seconds"] for span in trace["waits"][0]["spans"]) == 3600


def test_explain_names_the_rule_that_excluded_a_message(desk):
    """The newsletter counts for nothing, and the rule says why."""
    _, out, _ = desk.run("explain", "m5@shop.example")
    assert "[bulk, rule bulk]" in out
    assert "Counts for nothing" in out


def test_dismissal_is_in_sight_and_can_be_withdrawn(desk):
    """Out of the denominators, counted, logged, undone."""
    wait_id = desk.ask("waits", "--open", "--order", "oldest")["page"]["waits"][0]["wait_id"]
    assert desk.run("overrides", "dismiss", wait_id, "--reason", "a student")[0] == 0
    found = desk.ask("report")["summary"]
    assert (found["n"], found["dismissed"]) == (2, 1)
    assert "a student" in desk.run("explain", wait_id)[1]
    assert "a student" in desk.run("overrides")[1]
    assert desk.run("overrides", "withdraw", wait_id)[0] == 0
    assert desk.ask("report")["summary"]["n"] == 3


def test_call_is_an_answer_at_its_time(desk):
    """A lead answered by phone after half an hour is answered after half an hour."""
    wait_id = desk.ask("waits", "--open", "--order", "oldest")["page"]["waits"][0]["wait_id"]
    desk.run("overrides", "call", wait_id, "--person", "Ada", "--at", "2026-03-03T08:30Z")
    (wait,) = [one for one in desk.ask("waits", "--answered")["page"]["waits"] if one["wait_id"] == wait_id]
    assert (wait["calendar_seconds"], wait["close_kind"], wait["credit"]) == (1800, "call", "ada@acme.com")


def test_verdict_by_hand_survives_a_rebuild(desk):
    """A human wrote the newsletter after all; it opens a wait, also after everything is derived again."""
    desk.run("overrides", "human", "<m5@shop.example>", "--reason", "a person")
    assert desk.ask("report")["summary"]["n"] == 4
    status, out, _ = desk.run("rebuild", "--compare")
    assert status == 0
    assert "changed" not in out
    assert desk.ask("report")["summary"]["n"] == 4


def test_rebuild_compares_and_logs(desk):
    """What the figures were before a rebuild and are now is kept."""
    desk.run("rebuild", "--compare")
    status, _, _ = desk.run("export", "tables", "--format", "csv")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO((desk.folder / "tables" / "audit.csv").read_text("utf-8"))))
    assert any(row["action"] == "rebuild" and '"before"' in row["detail"] for row in rows)


@pytest.mark.parametrize(
    "words",
    [
        ("report", "--since", "2026-13-01"),
        ("report", "--since", "today", "--until", "2020-01-01"),
        ("report", "--goal", "soon"),
        ("report", "--person", "Zoe"),
        ("report", "--team", "nobody"),
        ("report", "--as-of", "yore"),
        ("report", "--class", "leads"),
        ("waits", "--unanswered", "--figure", "met"),
        ("waits", "--limit", "0"),
        ("explain", "nosuch"),
        ("explain", ""),
        ("overrides", "dismiss", "m1@client.example"),
        ("overrides", "dismiss", "m1@client.example", "--reason", " "),
        ("overrides", "call", "m1@client.example", "--at", "2199-01-01"),
        ("overrides", "call", "nosuch"),
        ("export", "mail.jsonl"),
        ("export", "."),
    ],
)
def test_wrong_input_is_one_sentence_and_status_2(desk, words):
    """Never a traceback."""
    status, _, err = desk.run(*words)
    assert status == 2
    assert err
    assert "Traceback" not in err


def test_empty_workspace_answers_no_data(desk):
    """Every question can be asked before there is mail."""
    for words in (("report",), ("waits",), ("rebuild", "--compare"), ("export", "nothing"), ("overrides",)):
        desk.patch.setenv("EMAILRESPONSE_DB", "unused")
        status, out, err = desk.run("--db", str(desk.folder / "empty.duckdb"), *words)
        assert status == 0, err
        assert "0 %" not in out
