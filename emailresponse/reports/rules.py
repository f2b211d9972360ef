"""The rules by id, the classes and the states, in a user's words: for the why-trace and the methodology."""

from __future__ import annotations

RULES = {
    "bounce": "a delivery report: multipart/report with a delivery status, X-Failed-Recipients, or from"
    " mailer-daemon or postmaster",
    "report": "another multipart/report: a read receipt or a complaint",
    "calendar": "an invitation or an answer to one: text/calendar with a method",
    "form_sender": "an allowed sender of web-form notifications: the lead is in Reply-To",
    "auto_submitted": "Auto-Submitted says something else than no (RFC 3834)",
    "null_sender": "an empty Return-Path: it wants no answer",
    "auto_header": "an X-Autoreply, X-Autorespond or like header, or Precedence auto_reply",
    "out_of_office": "a subject of absence, with X-Auto-Response-Suppress, Precedence bulk or junk",
    "answers_ours": "names a message of ours in In-Reply-To or References",
    "no_reply_address": "from a no-reply or notification address",
    "own_group": "came over a group of ours, whose stamps say nothing",
    "bulk": "Precedence bulk, junk or list, a List- header, or a promotions, social or forums category",
    "suspected_automatic": "sent within seconds of the receipt, or the same subject and size again and again",
    "override": "decided by hand",
}
"""Every rule id in the order the rules are asked; the first that fires decides."""

VERDICTS = {
    "human": "written by a person",
    "automated": "written by a machine",
    "bounce": "a delivery report",
    "calendar": "an invitation",
    "bulk": "sent to many",
    "suspected_automatic": "perhaps automatic; it still counts",
}

CLASSES = {
    "lead_new": "a lead we did not know: no mail passed in this segment, and nobody wrote to the company"
    " in the year before",
    "lead_known": "a lead we knew: no mail passed in this segment, but we wrote to the company in the year"
    " before",
    "prospect_reply": "an answer to our own first message",
    "follow_up": "a further message in a running conversation",
    "cc_only": "we were in Cc only; left out of figures unless asked for",
}

STATES = {
    "open": "nobody has answered yet",
    "due_soon": "nobody has answered, and most of the goal is used",
    "overdue": "nobody has answered, and the goal has passed",
    "lapsed": "not answered in time for good; a later reply counts at its own time and is no success",
    "answered": "closed by a reply or a call",
    "closed_by_hand": "said to be answered elsewhere; out of the denominators, counted in sight",
    "superseded": "a newer message opened a new wait; the old one is censored there",
    "dismissed": "needs no reply; out of the denominators, counted in sight",
}

FLAGS = {
    "inferred": "closed by a new conversation to the lead's own address",
    "call": "answered by phone",
    "late": "answered after it had lapsed",
    "skew": "the reply is dated before the receipt; left out of times",
    "off_hours": "opened and answered out of hours, so that business time is 0",
    "trashed": "every copy of the message was trashed or deleted",
    "spam": "every copy of the message was marked as spam",
    "form": "came through a web form",
    "handoff": "was forwarded or discussed among us",
    "assigned": "assigned to a person by hand",
}

STATISTICS = (
    (
        "Cohort",
        "A wait belongs to the day it arrived, in the workspace's zone; never to the day of the reply.",
    ),
    (
        "Median and p90",
        """Kaplan-Meier with a 95 % log-log band: a wait nobody has answered counts as at least so long.
        Where too few are answered the figure is not reached, and the longest time seen is shown.""",
    ),
    (
        "Within goal",
        """Of the waits that opened at least the goal ago on their clock, answered or not, the share answered
        in time, with Wilson's 95 % interval. Younger waits, also answered ones, are not judged yet.""",
    ),
    (
        "Mean",
        """Only as restricted mean to a stated horizon: on the calendar clock that many days of 24 hours, on
        the business clock that many mean working days (opening time of the asked mailboxes' calendars by
        local days with an opening). Means of answered mail alone are in exports, named answered_only.""",
    ),
    (
        "Hidden share",
        """Dismissed and closed-by-hand waits are in no denominator; their share is shown beside the name
        where it is high.""",
    ),
    ("Busiest hours", "Each local hour of the week is divided by how often it occurred, DST included."),
    ("Absent", "No data is never 0."),
)
"""How the figures are made, a sentence each."""
