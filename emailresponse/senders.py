"""Senders with a rule of their own: web forms that carry leads, and those whose messages need no reply."""

from __future__ import annotations

from dataclasses import dataclass

from emailresponse import audit, domains
from emailresponse.audit import Change
from emailresponse.errors import NotFound, SettingsError
from emailresponse.store import Store


@dataclass(frozen=True, slots=True)
class FormSender:
    """An allowed sender of web-form notifications."""

    address: str


@dataclass(frozen=True, slots=True)
class DismissedSender:
    """A sender whose messages need no reply: an address or a whole domain, and why."""

    pattern: str
    reason: str


def forms(store: Store) -> list[FormSender]:
    """Return the allowed form senders."""
    return store.rows("store/form_senders", FormSender)


def add_form(store: Store, change: Change, text: str) -> bool:
    """Allow a form sender; returns whether that is new.

    Raises:
        SettingsError: it is no address.
    """
    sender = FormSender(domains.address(text))
    if sender in forms(store):
        return False
    store.run("store/put_form_sender", address=sender.address)
    audit.record(store, change, "form sender added", sender.address)
    return True


def end_form(store: Store, change: Change, text: str) -> None:
    """Take a form sender off the list.

    Raises:
        NotFound: it is not listed.
    """
    sender = FormSender(domains.address(text))
    if sender not in forms(store):
        raise NotFound("form sender", sender.address)
    store.run("store/remove_form_sender", address=sender.address)
    audit.record(store, change, "form sender removed", sender.address)


def dismissed(store: Store) -> list[DismissedSender]:
    """Return the senders whose messages need no reply."""
    return store.rows("store/dismissed_senders", DismissedSender)


def add_dismissed(store: Store, change: Change, text: str, reason: str) -> bool:
    """Say that a sender's messages need no reply, and why; returns whether that is new.

    Raises:
        SettingsError: it is neither address nor domain, or no reason is given.
    """
    if not reason.strip():
        raise SettingsError("say why its messages need no reply")
    sender = DismissedSender(_pattern(text), reason.strip())
    if sender in dismissed(store):
        return False
    store.run("store/put_dismissed_sender", pattern=sender.pattern, reason=sender.reason)
    audit.record(store, change, "dismissed sender added", sender.pattern, {"reason": sender.reason})
    return True


def end_dismissed(store: Store, change: Change, text: str) -> None:
    """Say that a sender's messages need replies again.

    Raises:
        NotFound: it is not listed.
    """
    pattern = _pattern(text)
    if pattern not in {sender.pattern for sender in dismissed(store)}:
        raise NotFound("dismissed sender", pattern)
    store.run("store/remove_dismissed_sender", pattern=pattern)
    audit.record(store, change, "dismissed sender removed", pattern)


def _pattern(text: str) -> str:
    if "@" in text.strip().removeprefix("@"):
        return domains.address(text)
    return domains.parse(text).domain
