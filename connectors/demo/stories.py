"""What happens after somebody writes: replies, silence, chasers, hand-offs, thanks, calls for a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from connectors.demo import hours, machines
from connectors.demo.messages import Post, token
from connectors.demo.people import (
    AMERICAS,
    DOMAIN,
    FORM_SENDER,
    MEMBERS,
    SALES,
    SALES_MEMBERS,
    SHORT_HANDED_BEFORE,
    STALE_MAILBOX,
    SUPPORT,
    SUPPORT_MEMBERS,
    Company,
    Member,
    Party,
    is_away,
)
from connectors.demo.talk import Talk

GROUP = Party("Brightforge Sales", SALES)
DESK = Party("Brightforge Support", SUPPORT)
_PRODUCTS = (
    "brazing ovens",
    "the BF-20 kiln",
    "induction heaters",
    "furnace spares",
    "ceramic fixtures",
    "a pilot line",
)
_ASKS = (
    "Quote for {}",
    "Price list: {}",
    "Question about {}",
    "Lead time for {}",
    "Looking for a supplier of {}",
    "Demo of {}?",
    "Data sheet for {}",
    "Terms for {} in volume",
)


@dataclass(slots=True)
class Stories:
    """Writes one conversation after another into the team's mailboxes."""

    random: Random
    post: Post
    first: date
    last: date

    def talk(self, subject: str | None = None) -> Talk:
        """Return a conversation that nobody has begun."""
        subject = subject or self.random.choice(_ASKS).format(self.random.choice(_PRODUCTS))
        number = f"{self.post.count}"
        return Talk(self.post, token("conversation", number), subject, self.first, self.last)

    def lead(self, company: Company) -> None:
        """Let a company ask something, by one of the ways in, and let the team deal with it."""
        way = self.random.choices(("person", "sales", "support", "form", "cc", "bcc"), (46, 30, 9, 9, 4, 2))[
            0
        ]
        contact = self.random.choice(company.contacts)
        asked_at = hours.arrival(self.random, self.first, self.last, company.zone)
        talk = self.talk()
        if way == "form":
            self._form(talk, contact, asked_at)
            return
        member = self._responsible(way, company, asked_at)
        to: tuple[Party, ...] = (member.party,)
        more: dict[str, object] = {"zone": company.zone}
        if way == "sales":
            to = (GROUP,)
            more["is_rewritten"] = company.is_strict
        elif way == "support":
            to = (DESK,)
        elif way == "cc":
            to, more["cc"] = (Party("Buying office", f"purchasing@{company.domain}"),), (member.party,)
        elif way == "bcc":
            to, more["bcc"] = (), (member.party,)
        elif self.random.random() < 0.08:
            more["cc"] = (GROUP,)
        talk.say(contact, asked_at, to, **more)
        if way == "person":
            machines.absence(talk, member, contact, asked_at)
        if way == "cc" and self.random.random() < 0.7:
            return
        self._answer(talk, member, company, contact, asked_at, to, is_desk=way == "support")

    def outreach(self, company: Company) -> None:
        """Let a person of ours write first; some companies answer."""
        member = self._responsible("person", company, datetime.combine(self.first, datetime.min.time()))
        begins = hours.arrival(self.random, self.first, self.last, member.zone)
        sent_at = hours.after_business(member, begins, self.random.random(), self.last)
        contact = self.random.choice(company.contacts)
        talk = self.talk(f"{company.name} and {self.random.choice(_PRODUCTS)}")
        extra = (("List-Unsubscribe", f"<https://go.{DOMAIN}/out/{token(company.domain)}>"),)
        talk.say(member.party, sent_at, (contact,), extra=extra if self.random.random() < 0.5 else ())
        fate = self.random.random()
        if fate < 0.04:
            machines.bounce(talk, member, contact, sent_at)
        elif fate < 0.24:
            answered_at = sent_at + timedelta(hours=self.random.lognormvariate(2.2, 1.2))
            talk.say(contact, answered_at, (member.party,), zone=company.zone)
            self._answer(talk, member, company, contact, answered_at, (member.party,))

    def _responsible(self, way: str, company: Company, at: datetime) -> Member:
        candidates = {"sales": SALES_MEMBERS, "support": SUPPORT_MEMBERS}.get(way, MEMBERS)
        near = [m for m in candidates if (m.zone[:3] == "Ame") == (company.zone[:3] == "Ame")] or list(
            candidates
        )
        there = [
            m for m in near if m.joined_before is None or (self.last - at.date()).days < m.joined_before
        ] or near
        return self.random.choices(there, [m.weight for m in there])[0]

    def _answer(
        self,
        talk: Talk,
        member: Member,
        company: Company,
        contact: Party,
        asked_at: datetime,
        to: tuple[Party, ...],
        *,
        is_desk: bool = False,
    ) -> None:
        replies_at = self._reply_time(member, asked_at)
        is_answered = self.random.random() < member.answered and replies_at is not None
        until = replies_at if is_answered and replies_at else asked_at + timedelta(days=9)
        self._chase(talk, contact, asked_at, until, to, company.zone)
        if not is_answered or replies_at is None:
            return
        author = member
        if self.random.random() < 0.1:
            author, replies_at = self._hand_over(talk, member, asked_at, replies_at)
        if self.random.random() < 0.03:
            self._answer_apart(author, contact, replies_at)
            return
        sender = author.party
        more: dict[str, object] = {}
        if is_desk:
            sender = DESK
            more = {"mailbox": SUPPORT}
            if self.random.random() < 0.6:
                more["extra"] = (("Sender", author.address),)
        elif self.random.random() < 0.1:
            more["cc"] = (GROUP,)
        if author.address == STALE_MAILBOX and self.random.random() < 0.08:
            replies_at = asked_at - timedelta(
                minutes=self.random.uniform(4, 30)
            )  # this laptop's clock is slow
        talk.say(sender, replies_at, (contact,), **more)
        machines.echo(self.random, talk, author, contact, replies_at)
        if self.random.random() < 0.62:
            self._go_on(talk, author, company, contact, replies_at, sender)

    def _reply_time(self, member: Member, asked_at: datetime) -> datetime | None:
        drawn = member.median_hours * self.random.lognormvariate(0, member.spread)
        if member.team == AMERICAS and (self.last - asked_at.date()).days > SHORT_HANDED_BEFORE:
            drawn *= 1.8
        if self.random.random() < member.evening:
            found = hours.in_the_evening(self.random, member, asked_at)
        else:
            found = hours.after_business(member, asked_at, drawn, self.last)
        return found if found.date() <= self.last else None

    def _chase(
        self,
        talk: Talk,
        contact: Party,
        asked_at: datetime,
        until: datetime,
        to: tuple[Party, ...],
        zone: str,
    ) -> None:
        at = asked_at
        for chance in (0.4, 0.45, 0.3):
            at += timedelta(hours=self.random.lognormvariate(3.1, 0.8))
            if at >= until or at.date() > self.last or self.random.random() > chance:
                return
            talk.say(contact, at, to or (GROUP,), zone=zone)

    def _hand_over(
        self, talk: Talk, member: Member, asked_at: datetime, replies_at: datetime
    ) -> tuple[Member, datetime]:
        mates = [m for m in MEMBERS if m.team == member.team and m is not member]
        mates = [m for m in mates if not is_away(m, replies_at.date(), self.last)] or mates
        mate = self.random.choices(mates, [m.weight for m in mates])[0]
        at = asked_at + (replies_at - asked_at) * self.random.uniform(0.3, 0.95)
        talk.say(member.party, at, (mate.party,), subject=f"Fwd: {talk.subject}")
        answered_at = hours.after_business(mate, replies_at, self.random.random() * 1.5, self.last)
        return mate, min(answered_at, replies_at + timedelta(days=3))

    def _answer_apart(self, author: Member, contact: Party, replies_at: datetime) -> None:
        self.talk(f"Brightforge: your enquiry of {replies_at:%d %B}").say(
            author.party, replies_at, (contact,)
        )

    def _go_on(
        self, talk: Talk, author: Member, company: Company, contact: Party, at: datetime, sender: Party
    ) -> None:
        for _ in range(5):
            at += timedelta(hours=self.random.lognormvariate(1.4, 1.3))
            if at.date() > self.last:
                return
            if self.random.random() < 0.25:
                talk.say(contact, at, (sender,), zone=company.zone)  # a mere thanks
                at += timedelta(days=self.random.uniform(3.2, 12))
                if self.random.random() > 0.4 or at.date() > self.last:
                    return
            if self.random.random() < 0.06:
                invitation = (("Content-Type", 'text/calendar; method=REQUEST; charset="UTF-8"'),)
                talk.say(contact, at, (sender,), subject=f"Invitation: {talk.subject}", extra=invitation)
            talk.say(contact, at + timedelta(minutes=3), (sender,), zone=company.zone)
            answered_at = self._reply_time(author, at + timedelta(minutes=3))
            if answered_at is None or self.random.random() > author.answered + 0.03:
                return
            more: dict[str, object] = {"mailbox": SUPPORT} if sender is DESK else {}
            talk.say(sender, answered_at, (contact,), **more)
            at = answered_at
            if self.random.random() > 0.6:
                return

    def _form(self, talk: Talk, contact: Party, at: datetime) -> None:
        reply_to = (("Reply-To", f"{contact.name} <{contact.address}>"), ("Auto-Submitted", "auto-generated"))
        sender = Party("Website form", FORM_SENDER)
        talk.subject = f"New enquiry from {contact.name}"
        talk.say(sender, at, (GROUP,), extra=reply_to)
        member = self.random.choices(SALES_MEMBERS, [m.weight for m in SALES_MEMBERS])[0]
        answered_at = self._reply_time(member, at)
        if answered_at is None or self.random.random() > member.answered:
            return
        if self.random.random() < 0.5:
            self._answer_apart(member, contact, answered_at)
        else:
            talk.say(member.party, answered_at, (contact,))
