"""`emailresponse`: one command per verb; each lives in its own module and is loaded when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from emailresponse.errors import EmailResponseError

COMMANDS = {
    "import": ("cli.importing", "Read messages from files on disk."),
    "link": ("cli.linking", "Link mailboxes, so that they are read by themselves."),
    "sync": ("cli.syncing", "Read the linked mailboxes."),
    "people": ("cli.people", "Say who answers: people and their addresses."),
    "teams": ("cli.teams", "Say who works with whom."),
    "mailboxes": ("cli.mailboxes", "Say which mailboxes are ours, personal or shared."),
    "schedules": ("cli.schedules", "Say when each mailbox is open."),
    "goals": ("cli.goals", "Say how fast is fast enough."),
    "config": ("cli.configuration", "Show or apply config.toml."),
    "overrides": ("cli.overrides", "Dismiss a wait, note a call, correct a verdict."),
    "report": ("cli.report", "Show how fast, and how reliably, messages are answered."),
    "waits": ("cli.waits", "List the waits behind the figures."),
    "explain": ("cli.explain", "Show why a wait or a message counts as it does."),
    "export": ("cli.export", "Write every table to a folder."),
    "rebuild": ("cli.rebuild", "Derive everything again from the facts."),
    "serve": ("cli.serve", "Serve the pages on this machine."),
    "doctor": ("cli.doctor", "Say what is wrong and how to mend it."),
    "demo": ("cli.demo", "Write an invented sales team's mail to a folder."),
}


class LazyGroup(click.Group):
    """Loads a command's module when it is called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="emailresponse")
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    default="emailresponse.duckdb",
    envvar="EMAILRESPONSE_DB",
    show_default=True,
    help="The workspace's database file; made where it is absent.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default="config.toml",
    envvar="EMAILRESPONSE_CONFIG",
    show_default=True,
    help="Settings for a start; see config.example.toml.",
)
@click.pass_context
def group(context: click.Context, db: Path, config: Path) -> None:
    """Measure how fast, and how reliably, a team answers the people who write to it."""
    context.obj = {**(context.obj or {}), "db": db, "config": config}


def main(packages: Callable[[str], Any] | None = None) -> None:
    """Run the command line; an error a person can mend is one sentence on standard error and status 2.

    Args:
        packages: returns the packages of providers where they are not those that are shipped.
    """
    try:
        group(standalone_mode=False, obj={"packages": packages})
    except EmailResponseError as error:
        for said in (f"emailresponse: {error}", *getattr(error, "__notes__", ())):
            click.echo(said, err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped; what was stored stays, run the command again to go on.", err=True)
        sys.exit(130)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except Exception as error:
        # A fault of ours: whoever runs the command gets a sentence, whoever mends it gets the rest.
        if os.environ.get("EMAILRESPONSE_TRACEBACK"):
            raise
        fault = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}"
        click.echo(f"emailresponse: an error of this program, nothing was half done ({fault}).", err=True)
        click.echo("Run it again with EMAILRESPONSE_TRACEBACK=1 and report what it prints.", err=True)
        sys.exit(70)


if __name__ == "__main__":
    main()
