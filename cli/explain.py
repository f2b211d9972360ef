"""`explain`: why a wait or a message counts as it does."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from cli import question
from emailresponse.durations import spoken

if TYPE_CHECKING:
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
    zone = ZoneInfo(trace.zone)
    _say(f"Conversation {trace.conversation}", is_bold=True)
    _say(f"{trace.subject or '(no subject kept)'}; times in {trace.zone}")
    segment: int | None = None
    for message in trace.messages:
        if message.segment != segment and message.segment is not None:
            segment = message.segment
            _say(f"\nSegment {segment}", is_bold=True)
        _show_message(message, zone)
    for wait in trace.waits:
        _show_wait(wait, zone)
    for override in trace.overrides:
        reason = f": {override.reason}" if override.reason else ""
        moment = question.local(override.decided_at, zone)
        _say(
            f"By hand at {moment}, {override.decided_by}: {override.kind} of {override.message_key}{reason}",
            2,
        )


def _show_message(message: TraceMessage, zone: ZoneInfo) -> None:
    moment = question.local(message.message_at, zone) or "no time"
    to = ", ".join(message.to) or "nobody named"
    rule = f", rule {message.rule}" if message.rule else ""
    _say(f"{moment:16} {ARROWS[message.direction]} {message.author or 'unknown'} > {to}", 21)
    _say(f"{'':21}{message.message_key} [{message.verdict}{rule}]", 21)
    _say(f"{'':21}{message.sentence}", 21)


def _show_wait(traced: TraceWait, zone: ZoneInfo) -> None:
    wait = traced.wait
    _say(f"\nWait {wait.wait_id}: {wait.class_}, {wait.state.replace('_', ' ')}", is_bold=True)
    for sentence in traced.sentences:
        _say(f"  - {sentence}", 4)
    if traced.spans:
        _say("  - Opening periods counted:")
    for span in traced.spans[:SHOWN_SPANS]:
        starts, ends = question.local(span.starts_at, zone), question.local(span.ends_at, zone)
        _say(f"    {starts} to {ends}  {spoken(span.seconds, 'business')}")
    more = max(0, len(traced.spans) - SHOWN_SPANS) + traced.more_spans
    if more:
        _say(f"    and {more} more")


def _say(text: str, indent: int = 0, *, is_bold: bool = False) -> None:
    """Print a text folded to the terminal, later lines indented."""
    width = max(60, min(shutil.get_terminal_size((80, 24)).columns, 120))
    lead = len(text) - len(text.lstrip("\n"))
    folded = textwrap.fill(
        text.lstrip("\n"),
        width,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    click.secho("\n" * lead + folded, bold=is_bold)
