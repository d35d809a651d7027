"""The command that keeps the night, the morning and the month end running."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from flows.cli_options import home_of_run, say
from flows.errors import ExitCode, Refusal


def serve(
    port: Annotated[
        int | None,
        typer.Option(min=1024, max=65535, metavar="PORT", help="Where our own Prefect server listens (4200)."),
    ] = None,
) -> None:
    """Serve the night (01:00), the morning's message (06:00) and the month end's form, until stopped."""
    from flows.steps.prefect_server import OWN_PORT, own_server

    home = home_of_run()
    with home.serving():
        if os.environ.get("PREFECT_API_URL"):
            _refuse_port_of_another(port)
            say("Serving with the Prefect server at PREFECT_API_URL.")
            _serve()
            return
        with own_server(home.prefect, say, port or OWN_PORT) as of_clients:
            os.environ.update(of_clients)
            _serve()


def _refuse_port_of_another(port: int | None) -> None:
    if port is not None:
        raise Refusal(
            "PREFECT_API_URL names a Prefect server that listens where it does; --port is our own server's.",
            "Leave --port out, or unset PREFECT_API_URL.",
            ExitCode.USAGE,
        )


def _serve() -> None:
    from flows.serve import serve as serve_deployments

    serve_deployments(say)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(serve)
