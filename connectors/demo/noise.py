"""What fills a mailbox beside the leads: newsletters, notifications, notes among colleagues, spam."""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors.demo import hours
from connectors.demo.messages import token
from connectors.demo.people import DOMAIN, MEMBERS, Member, Party, is_away
from connectors.demo.stories import GROUP, Stories

_LETTERS = (
    Party("Furnace Weekly", "news@furnaceweekly.example"),
    Party("Kilnmakers' Association", "bulletin@kilnmakers.example"),
    Party("TradeFair Radar", "radar@tradefair-radar.example"),
)
_MACHINES = (
    Party("Parcelhop", "no-reply@parcelhop.example"),
    Party("Ledgerly", "notifications@ledgerly.example"),
)
_NOTES = (
    "Lunch on Thursday?",
    "Figures for the quarter",
    "Rota next week",
    "New price list",
    "Trade fair stand",
)


def newsletters(stories: Stories) -> None:
    """Send each newsletter weekly to most of the team."""
    for letter in _LETTERS:
        at = datetime.combine(stories.first, datetime.min.time()) + timedelta(
            hours=stories.random.uniform(5, 120)
        )
        while at.date() <= stories.last:
            extra = (
                ("List-Unsubscribe", f"<https://{letter.domain}/leave/{token(letter.address)}>"),
                ("Precedence", "bulk"),
            )
            readers = tuple(m.party for m in MEMBERS if stories.random.random() < 0.7)
            for reader in readers:
                talk = stories.talk(f"{letter.name}: issue {at:%V}")
                talk.say(letter, at, (reader,), extra=extra, label="CATEGORY_PROMOTIONS")
            at += timedelta(days=7)


def notifications(stories: Stories, count: int) -> None:
    """Send what machines send: parcels, invoices."""
    for _ in range(count):
        at = hours.arrival(stories.random, stories.first, stories.last, "UTC")
        machine, member = stories.random.choice(_MACHINES), stories.random.choice(MEMBERS)
        stories.talk("Your parcel is on its way").say(machine, at, (member.party,), label="CATEGORY_UPDATES")


def notes(stories: Stories, count: int) -> None:
    """Let colleagues write to each other; half of the notes get an answer."""
    for _ in range(count):
        writer, reader = stories.random.sample(MEMBERS, 2)
        at = hours.arrival(stories.random, stories.first, stories.last, writer.zone)
        if not _both_there(stories, at, writer, reader):
            continue
        talk = stories.talk(stories.random.choice(_NOTES))
        talk.say(writer.party, at, (reader.party,) if stories.random.random() < 0.9 else (GROUP,))
        if stories.random.random() < 0.5:
            talk.say(reader.party, at + timedelta(minutes=stories.random.uniform(2, 400)), (writer.party,))


def spam(stories: Stories, count: int) -> None:
    """Send what the provider files as spam at once."""
    for number in range(count):
        sender = Party("Winner Desk", f"prize{number}@lucky-draw.example")
        at = hours.arrival(stories.random, stories.first, stories.last, "UTC")
        stories.talk(f"You have won {number + 2} ovens").say(
            sender, at, (stories.random.choice(MEMBERS).party,), label="SPAM"
        )


def welcome(stories: Stories) -> None:
    """Send the company's own announcements to everybody of the group."""
    at = datetime.combine(stories.first, datetime.min.time()) + timedelta(days=1, hours=9)
    while at.date() <= stories.last:
        stories.talk(f"All hands, week {at:%V}").say(
            Party("Brightforge People", f"people@{DOMAIN}"), at, (GROUP,)
        )
        at += timedelta(days=14)


def _both_there(stories: Stories, at: datetime, *members: Member) -> bool:
    return not any(is_away(member, at.date(), stories.last) for member in members)
