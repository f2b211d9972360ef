"""What happens after somebody writes: replies, silence, chasers, hand-offs, thanks, calls for a meeting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from connectors.demo import hours
from connectors.demo.messages import Message, Post, token
from connectors.demo.people import (
    DOMAIN,
    FORM_SENDER,
    MEMBERS,
    SALES,
    SALES_MEMBERS,
    SUPPORT,
    SUPPORT_MEMBERS,
    Company,
    Member,
    Party,
    is_away,
)

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
class Talk:
    """A conversation as it grows: every message answers the one before it."""

    post: Post
    conversation: str
    subject: str
    first: date
    last: date
    references: tuple[str, ...] = ()

    def say(self, sender: Party, sent_at: datetime, to: tuple[Party, ...], **more: object) -> Message:
        """Send the next message and return it."""
        subject = self.subject if not self.references else f"Re: {self.subject}"
        message = Message(
            message_id=self.post.message_id(sender.domain),
            conversation=self.conversation,
            sender=sender,
            sent_at=sent_at,
            subject=subject,
            to=to,
            references=self.references,
        )
        message = replace(message, **more)  # type: ignore[arg-type]
        self.post.send(message)
        self.references = (*self.references, message.message_id)
        return message


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
        self._absence(talk, member, contact, asked_at, is_direct=way == "person")
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
            self._bounce(talk, member, contact, sent_at)
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
        talk.say(sender, replies_at, (contact,), **more)
        self._echo(talk, author, contact, replies_at)
        if self.random.random() < 0.62:
            self._go_on(talk, author, company, contact, replies_at, sender)

    def _reply_time(self, member: Member, asked_at: datetime) -> datetime | None:
        drawn = member.median_hours * self.random.lognormvariate(0, member.spread)
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
        mate = self.random.choice([m for m in mates if not is_away(m, replies_at.date(), self.last)] or mates)
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
                talk.say(
                    contact, at, (sender,), subject=f"Re: {talk.subject}", zone=company.zone
                )  # a mere thanks
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

    def _absence(self, talk: Talk, member: Member, contact: Party, at: datetime, *, is_direct: bool) -> None:
        joined = member.joined_before is None or (self.last - at.date()).days < member.joined_before
        if is_direct and joined and is_away(member, at.date(), self.last):
            extra = (
                ("Auto-Submitted", "auto-replied"),
                ("Precedence", "bulk"),
                ("X-Auto-Response-Suppress", "All"),
            )
            subject = f"Automatic reply: {talk.subject}"
            talk.say(member.party, at + timedelta(seconds=9), (contact,), subject=subject, extra=extra)

    def _echo(self, talk: Talk, author: Member, contact: Party, at: datetime) -> None:
        if self.random.random() < 0.05:
            extra = (("X-Auto-Response-Suppress", "All"), ("Auto-Submitted", "auto-generated"))
            subject = f"Out of office: {talk.subject}"
            talk.say(contact, at + timedelta(seconds=50), (author.party,), subject=subject, extra=extra)
        elif self.random.random() < 0.02:
            self._bounce(talk, author, contact, at)

    def _bounce(self, talk: Talk, author: Member, contact: Party, at: datetime) -> None:
        daemon = Party("Mail Delivery Subsystem", f"mailer-daemon@{contact.domain}")
        extra = (
            ("Return-Path", "<>"),
            ("Auto-Submitted", "auto-replied"),
            ("X-Failed-Recipients", contact.address),
            ("Content-Type", "multipart/report; report-type=delivery-status; boundary=b"),
        )
        subject = "Delivery Status Notification (Failure)"
        talk.say(daemon, at + timedelta(seconds=70), (author.party,), subject=subject, extra=extra)

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
