"""`waits`: the waits behind the figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from cli import listing, question
from emailresponse.durations import spoken
from emailresponse.filter import FIGURES
from emailresponse.reports.listing import ORDERS

if TYPE_CHECKING:
    from cli.question import Asking
    from emailresponse.reports.figures import WaitPage

STATES = {
    "open": ("open", "due_soon", "overdue"),
    "overdue": ("overdue",),
    "due_soon": ("due_soon",),
    "lapsed": ("lapsed",),
    "answered": ("answered",),
    "superseded": ("superseded",),
    "dismissed": ("dismissed",),
    "by_hand": ("closed_by_hand",),
}
FLAGS = ("late", "inferred", "skew", "off_hours", "trashed", "spam", "form", "handoff")


@click.command("waits")
@question.options
@click.option("--open", "open_", is_flag=True, help="Nobody has answered yet: open, due soon or overdue.")
@click.option("--overdue", is_flag=True, help="Open, and past the goal.")
@click.option("--due-soon", is_flag=True, help="Open, and most of the goal is used.")
@click.option("--lapsed", is_flag=True, help="Not answered in time for good.")
@click.option("--answered", is_flag=True, help="Answered in time or late, but not lapsed.")
@click.option("--superseded", is_flag=True, help="A newer message opened a new wait.")
@click.option("--dismissed", is_flag=True, help="Needs no reply.")
@click.option("--by-hand", is_flag=True, help="Closed by hand.")
@click.option("--unanswered", is_flag=True, help="Never answered: open, lapsed and superseded.")
@click.option("--late", is_flag=True, help="Answered after it had lapsed.")
@click.option("--flag", "flags", multiple=True, type=click.Choice(FLAGS), help="Bears this flag.")
@click.option("--figure", type=click.Choice(FIGURES), help="The waits behind this figure of the report.")
@click.option("--order", type=click.Choice(ORDERS), default="longest", show_default=True)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@click.option("--after", type=click.IntRange(0), default=0, help="Pass over so many first.")
@listing.format_option
@click.pass_context
def command(
    context: click.Context,
    /,
    flags: tuple[str, ...],
    figure: str | None,
    order: str,
    limit: int,
    after: int,
    form: str,
    **given: Any,
) -> None:
    """List the waits behind the figures, the longest first.

    Several states list waits in any of them. `emailresponse explain ID` says why one counts as it does.

    \b
    Example:
      emailresponse waits --overdue --order due
      emailresponse waits --person ada@acme.com --since 30d --figure missed
      emailresponse waits --unanswered --class all --format csv --limit 100000
    """
    from emailresponse import reports

    given["open"] = given.pop("open_")
    states = {state for name, means in STATES.items() if given[name] for state in means}
    if given["unanswered"] and figure not in {None, "unanswered"}:
        raise click.UsageError("Give --unanswered or --figure, not both.")
    with question.asking(context.obj, given) as ask:
        asked = replace(
            ask.asked,
            states=tuple(sorted(states)),
            flags=(*flags, *(["late"] if given["late"] else [])),
            figure="unanswered" if given["unanswered"] else figure,
        )
        page = reports.waits(ask.store, asked, order=order, limit=limit, after=after)
        _show(ask, page, form)


def _show(ask: Asking, page: WaitPage, form: str) -> None:
    if form == "json":
        question.show_json({"asked": ask.asked, "zone": str(ask.zone), "page": page})
    elif form == "csv":
        records = [question.plain(wait) for wait in page.waits]
        names = list(records[0]) if records else []
        rows = [[_joined(value) for value in record.values()] for record in records]
        listing.show(names, rows, "csv")
    else:
        _show_table(ask, page)


def _joined(value: Any) -> Any:
    return ";".join(value) if isinstance(value, list) else value


def _show_table(ask: Asking, page: WaitPage) -> None:
    """Print two lines a wait, the second saying who waits for whom."""
    if not page.waits:
        click.echo("No waits.")
        return
    for wait in page.waits:
        to = wait.credit_name or wait.credit or ", ".join(wait.addressees) or wait.mailbox or "nobody"
        time = "skewed" if wait.seconds is None else spoken(wait.seconds, ask.asked.clock)
        opened, state = question.local(wait.opened_at, ask.zone), wait.state.replace("_", " ")
        click.echo(f"{wait.wait_id}  {opened}  {state:14}  {time:>13}  {' '.join(wait.flags)}".rstrip())
        click.echo(f"               {wait.contact or 'unknown'} > {to}")
    shown = len(page.waits)
    click.echo(f"\n{shown} of {page.total} waits, {ask.asked.clock} time, {ask.zone}")
    if page.after is not None:
        click.echo(f"The next with --after {page.after}")
