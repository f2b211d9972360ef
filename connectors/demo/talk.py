"""A conversation of the demo as it grows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from connectors.demo.messages import Message, Post
from connectors.demo.people import Party


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
