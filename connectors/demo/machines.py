"""What machines write between people: absences, receipts of absence, bounces."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from connectors.demo.people import Member, Party, is_away
from connectors.demo.talk import Talk


def absence(talk: Talk, member: Member, contact: Party, at: datetime) -> None:
    """Answer for a person on leave, within a minute of the message."""
    has_joined = member.joined_before is None or (talk.last - at.date()).days < member.joined_before
    if has_joined and is_away(member, at.date(), talk.last):
        extra = (
            ("Auto-Submitted", "auto-replied"),
            ("Precedence", "bulk"),
            ("X-Auto-Response-Suppress", "All"),
        )
        subject = f"Automatic reply: {talk.subject}"
        talk.say(member.party, at + timedelta(seconds=44), (contact,), subject=subject, extra=extra)


def echo(random: Random, talk: Talk, author: Member, contact: Party, at: datetime) -> None:
    """Answer our own message by the contact's absence or by a bounce, now and then."""
    if random.random() < 0.05:
        extra = (("X-Auto-Response-Suppress", "All"), ("Auto-Submitted", "auto-generated"))
        subject = f"Out of office: {talk.subject}"
        talk.say(contact, at + timedelta(seconds=50), (author.party,), subject=subject, extra=extra)
    elif random.random() < 0.02:
        bounce(talk, author, contact, at)


def bounce(talk: Talk, author: Member, contact: Party, at: datetime) -> None:
    """Say that a message of ours could not be delivered."""
    daemon = Party("Mail Delivery Subsystem", f"mailer-daemon@{contact.domain}")
    extra = (
        ("Return-Path", "<>"),
        ("Auto-Submitted", "auto-replied"),
        ("X-Failed-Recipients", contact.address),
        ("Content-Type", "multipart/report; report-type=delivery-status; boundary=b"),
    )
    subject = "Delivery Status Notification (Failure)"
    talk.say(daemon, at + timedelta(seconds=70), (author.party,), subject=subject, extra=extra)
