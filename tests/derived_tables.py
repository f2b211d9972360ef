"""Derived tables made by hand, so that a report's test says exactly which waits there are."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa

from emailresponse.store import Store

TABLES = """
CREATE OR REPLACE TABLE message (message_no INTEGER, message_key VARCHAR, author VARCHAR, author_name VARCHAR,
    direction VARCHAR,
    message_at TIMESTAMP, sent_at TIMESTAMP, subject VARCHAR, contact VARCHAR, company VARCHAR,
    credit VARCHAR, mailbox VARCHAR, copies INTEGER, is_form BOOLEAN);
CREATE OR REPLACE TABLE recipient (message_no INTEGER, role VARCHAR, address VARCHAR, is_internal BOOLEAN,
    company VARCHAR);
CREATE OR REPLACE TABLE verdict (message_no INTEGER, message_key VARCHAR, verdict VARCHAR, rule VARCHAR);
CREATE OR REPLACE TABLE conversation (message_no INTEGER, message_key VARCHAR, conversation VARCHAR,
    segment INTEGER, position INTEGER);
CREATE OR REPLACE TABLE identity (copy_key UBIGINT, message_no INTEGER, message_key VARCHAR, copies INTEGER);
CREATE OR REPLACE TABLE wait_message (opened_by VARCHAR, message_key VARCHAR, role VARCHAR);
CREATE OR REPLACE TABLE calendar (mailbox VARCHAR, calendar_id INTEGER);
CREATE OR REPLACE TABLE opening (calendar_id INTEGER, opens_at TIMESTAMP, closes_at TIMESTAMP,
    running_us BIGINT);
CREATE OR REPLACE TABLE horizon (mailbox VARCHAR, as_of_at TIMESTAMP);
CREATE OR REPLACE TABLE volume (day DATE, hour INTEGER, weekday INTEGER, mailbox VARCHAR, team_id VARCHAR,
    person_id VARCHAR, direction VARCHAR, messages BIGINT);
CREATE OR REPLACE TABLE wait_by_hand (wait_id VARCHAR, opened_by VARCHAR, opened_at TIMESTAMP,
    open_rule VARCHAR, lane VARCHAR, class VARCHAR, company VARCHAR, contact VARCHAR,
    conversation VARCHAR, segment INTEGER,
    mailbox VARCHAR, team_id VARCHAR, addressees VARCHAR[], assigned_to VARCHAR, closed_by VARCHAR,
    closed_at TIMESTAMP, close_kind VARCHAR, credit VARCHAR, chasers INTEGER, handoff_by VARCHAR,
    handoff_at TIMESTAMP, superseded_at TIMESTAMP, dismissed_kind VARCHAR, dismissed_reason VARCHAR,
    decided_by VARCHAR,
    close_reason VARCHAR, is_form BOOLEAN, is_late BOOLEAN, is_skewed BOOLEAN, calendar_id INTEGER,
    opened_clock_us BIGINT, end_clock_us BIGINT, end_at TIMESTAMP, as_of_at TIMESTAMP, state VARCHAR,
    calendar_seconds DOUBLE,
    business_seconds DOUBLE, age_calendar_seconds DOUBLE, age_business_seconds DOUBLE, is_event BOOLEAN,
    is_counted BOOLEAN, is_off_hours BOOLEAN, goal_seconds BIGINT, goal_clock VARCHAR,
    goal_share DOUBLE, flags VARCHAR[]);
CREATE OR REPLACE MACRO standing() AS TABLE SELECT * FROM wait_by_hand
"""

AS_OF = datetime(2026, 3, 31, 12)
DEFAULTS = {
    "lane": "main",
    "class": "lead_new",
    "company": "client.example",
    "contact": "kim@client.example",
    "segment": 1,
    "mailbox": "ada@acme.com",
    "team_id": "sales",
    "addressees": ["ada@acme.com"],
    "chasers": 0,
    "is_form": False,
    "is_late": False,
    "is_skewed": False,
    "calendar_id": 1,
    "as_of_at": AS_OF,
    "is_counted": True,
    "is_off_hours": False,
    "goal_seconds": 3600,
    "goal_clock": "business",
    "flags": [],
}


def derived() -> Store:
    """Return a store with empty derived tables."""
    store = Store.open(None)
    for statement in TABLES.split(";"):
        store._connection.execute(statement)
    store.run("derive/chosen")
    store._connection.execute("INSERT INTO horizon VALUES ('ada@acme.com', TIMESTAMP '2026-03-31 12:00:00')")
    store._connection.execute("INSERT INTO calendar VALUES ('ada@acme.com', 1)")
    store.run("store/put_derived_by", digest="by hand")
    store._connection.execute("INSERT INTO team VALUES ('sales', 'Sales')")
    store._connection.execute(
        "INSERT INTO person VALUES ('ada@acme.com', 'Ada', NULL, NULL), ('bob@acme.com', 'Bob', NULL, NULL)"
    )
    store._connection.execute(
        "INSERT INTO person_address VALUES ('ada@acme.com', 'ada@acme.com'), ('bob@acme.com', 'bob@acme.com')"
    )
    store._connection.execute("INSERT INTO membership VALUES ('ada@acme.com', 'sales', NULL, NULL)")
    store._connection.execute(
        "INSERT INTO mailbox VALUES ('ada@acme.com', 'Ada', 'personal', 'ada@acme.com', 'sales', NULL, NULL)"
    )
    return store


def put(store: Store, table: str, *rows: dict) -> None:
    """Insert rows; fields left out are NULL."""
    names = sorted({name for row in rows for name in row})
    arrays = pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows])
    with store.table("given_rows", arrays):
        store._connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM given_rows")


def answered(number: int, after: float, opened_at: datetime = datetime(2026, 3, 2, 9), **fields) -> dict:
    """Return a wait answered after so many seconds, on both clocks."""
    age = (AS_OF - opened_at).total_seconds()
    return {
        **DEFAULTS,
        "wait_id": f"w{number:012x}",
        "opened_by": f"m{number}@client.example",
        "conversation": f"m{number}@client.example",
        "opened_at": opened_at,
        "closed_by": f"r{number}@acme.com",
        "closed_at": opened_at + timedelta(seconds=after),
        "close_kind": "reply",
        "credit": "ada@acme.com",
        "state": "answered",
        "calendar_seconds": float(after),
        "business_seconds": float(after),
        "age_calendar_seconds": age,
        "age_business_seconds": age,
        "is_event": True,
        **fields,
    }


def unanswered(number: int, age: float | None = None, **fields) -> dict:
    """Return a wait nobody has answered, last seen after so many seconds on both clocks."""
    opened_at = (
        AS_OF - timedelta(seconds=age)
        if age is not None
        else fields.pop("opened_at", datetime(2026, 3, 2, 9))
    )
    age = (AS_OF - opened_at).total_seconds()
    return {
        **DEFAULTS,
        "wait_id": f"w{number:012x}",
        "opened_by": f"m{number}@client.example",
        "conversation": f"m{number}@client.example",
        "opened_at": opened_at,
        "state": "overdue",
        "calendar_seconds": age,
        "business_seconds": age,
        "age_calendar_seconds": age,
        "age_business_seconds": age,
        "is_event": False,
        **fields,
    }
