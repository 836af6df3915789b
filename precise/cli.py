"""The command line `precise`: bad usage is one line and exit status 2, and no traceback reaches a user.

Exit status 0: all holds. 1: something that was checked does not hold. 2: bad usage. 70: an error of the program itself.
130: interrupted. 141: the reader of the output has left. A subcommand is loaded when it is asked for, so that
`precise --help` is fast.
"""

from __future__ import annotations

import difflib
import importlib
import os
import sys
from typing import Any, Final, NoReturn

import click

from precise.errors import PreciseError

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "verify": (
        "precise.commands.verify",
        "Check the lemmas step by step and report what is proved and what is refuted.",
    ),
    "compare": ("precise.commands.compare", "Compare formats on an operation: true errors beside a rigorous bound."),
    "circuit": (
        "precise.commands.circuit",
        "Build threshold circuits of operations and show their depth, gates and wires.",
    ),
    "formats": ("precise.commands.formats", "Show the formats, one in detail, or all values of a small one."),
    "round": ("precise.commands.round_command", "Round a number and show the result, its error and its neighbours."),
}

BAD_USAGE: Final = 2
INTERNAL_ERROR: Final = 70
INTERRUPTED: Final = 130
READER_LEFT: Final = 141


class OneLineGroup(click.Group):
    """A group that loads its commands when needed and reports every error in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the subcommands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subcommand, loaded now."""
        if cmd_name not in COMMANDS:
            near = difflib.get_close_matches(cmd_name, COMMANDS, 1)
            hint = f"did you mean {near[0]}?" if near else f"must be one of {', '.join(COMMANDS)}"
            raise click.UsageError(f"unknown command {cmd_name!r}; {hint}", ctx)
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of subcommands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Return what the command returns; click would turn a reader that has left into exit status 1."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            name = ctx.invoked_subcommand
            command = None if name is None else self.get_command(ctx, name)
            if error.ctx is None and command is not None:  # found while the subcommand read its arguments
                error.ctx = click.Context(command, parent=ctx, info_name=name)
            raise
        except BrokenPipeError:
            leave_quietly()

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run the command line and exit."""
        try:
            status = super().main(*args, **extra | {"standalone_mode": False, "prog_name": "precise"})
            sys.stdout.flush()
        except BrokenPipeError:
            leave_quietly()
        except (click.exceptions.Abort, KeyboardInterrupt):
            finish("precise: interrupted", INTERRUPTED)
        except click.ClickException as error:
            finish(usage_line(error), BAD_USAGE)
        except PreciseError as error:
            finish(f"precise: {error}", BAD_USAGE)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            finish(f"precise: {where}{error.strerror or error}", BAD_USAGE)
        except Exception as error:
            if os.environ.get("PRECISE_TRACEBACK"):
                raise
            kind = type(error).__name__
            finish(
                f"precise: internal error, {kind}: {error}; please report it (PRECISE_TRACEBACK=1 shows where)",
                INTERNAL_ERROR,
            )
        sys.exit(status if isinstance(status, int) else 0)


def finish(message: str, status: int) -> NoReturn:
    """Print one line on the standard error stream and exit."""
    click.echo(" ".join(message.split()), err=True)
    sys.exit(status)


def leave_quietly() -> NoReturn:
    """Exit without a word, as if by SIGPIPE: the reader of the output has left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(READER_LEFT)


def usage_line(error: click.ClickException) -> str:
    """Return what was wrong and where to look, for an error that click has found."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "precise"
    text = " ".join(error.format_message().split()).rstrip(".?")
    return f"{path}: {text}; try '{path} --help'"


@click.group(
    cls=OneLineGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="precise-pbit", prog_name="precise")
@click.pass_context
def main(ctx: click.Context) -> None:
    """p-bit arithmetic with every rounding explicit.

    Exit status: 0 all holds, 1 something that was checked does not hold, 2 bad usage.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


if __name__ == "__main__":
    main()
