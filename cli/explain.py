"""`explain`: why a wait or a message counts as it does."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from cli import question
from emailresponse.durations import spoken

if TYPE_CHECKING:
    from rich.console import Console

    from emailresponse.reports.figures import Trace, TraceMessage, TraceWait

ARROWS = {"inbound": "in ", "outbound": "out", "internal": "own", "unknown": "?  "}
SHOWN_SPANS = 12


@click.command("explain")
@click.argument("name", metavar="WAIT|MESSAGE-ID")
@click.option("--as-of", metavar="MOMENT", help="As one would have answered then: a day or a moment.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def command(context: click.Context, name: str, as_of: str | None, form: str) -> None:
    """Show why a wait or a message counts as it does.

    Every message of the conversation in order; the rule that opened, closed, excluded or credited each wait;
    both clocks with the opening periods counted; what was decided by hand.

    \b
    Example:
      emailresponse explain w0123456789ab
      emailresponse explain '<CAFx1234@mail.gmail.com>'
    """
    from emailresponse import reports

    with question.asking(context.obj, question.everything(as_of)) as ask:
        trace = reports.why(ask.store, name)
        if form == "json":
            question.show_json(trace)
        else:
            _show(trace)


def _show(trace: Trace) -> None:
    from rich.console import Console

    zone = ZoneInfo(trace.zone)
    console = Console(markup=False, highlight=False, soft_wrap=False)
    console.print(f"Conversation {trace.conversation}", style="bold")
    console.print(f"{trace.subject or '(no subject kept)'}; times in {trace.zone}\n")
    segment: int | None = None
    for message in trace.messages:
        if message.segment != segment and message.segment is not None:
            segment = message.segment
            console.print(f"Segment {segment}", style="bold")
        _show_message(console, message, zone)
    for wait in trace.waits:
        _show_wait(console, wait, zone)
    for override in trace.overrides:
        console.print(
            f"Decided by hand at {question.local(override.decided_at, zone)} by {override.decided_by}:"
            f" {override.kind} of {override.message_key}"
            + (f" ({override.reason})" if override.reason else "")
        )


def _show_message(console: Console, message: TraceMessage, zone: ZoneInfo) -> None:
    moment = question.local(message.message_at, zone) or "no time"
    to = ", ".join(message.to) or "nobody named"
    console.print(f"{moment:16} {ARROWS[message.direction]} {message.author or 'unknown'} > {to}")
    rule = f", rule {message.rule}" if message.rule else ""
    console.print(f"                     {message.message_key} [{message.verdict}{rule}]")
    console.print(f"                     {message.sentence}")


def _show_wait(console: Console, traced: TraceWait, zone: ZoneInfo) -> None:
    wait = traced.wait
    console.print(f"\nWait {wait.wait_id}: {wait.class_}, {wait.state.replace('_', ' ')}", style="bold")
    for sentence in traced.sentences:
        console.print(f"  - {sentence}")
    if traced.spans:
        console.print("  Opening periods counted:")
    for span in traced.spans[:SHOWN_SPANS]:
        console.print(
            f"    {question.local(span.starts_at, zone)} to {question.local(span.ends_at, zone)}"
            f"  {spoken(span.seconds, 'business')}"
        )
    more = max(0, len(traced.spans) - SHOWN_SPANS) + traced.more_spans
    if more:
        console.print(f"    and {more} more")
