"""The command that keeps the night, the morning and the month end running."""

from __future__ import annotations

import os

import typer

from flows.cli_options import home_of_run, say


def serve() -> None:
    """Serve the night (01:00), the morning's message (06:00) and the month end's form, until stopped."""
    from flows.steps.prefect_server import own_server

    home = home_of_run()
    with home.serving():
        if os.environ.get("PREFECT_API_URL"):
            say("Serving with the Prefect server at PREFECT_API_URL.")
            _serve()
            return
        with own_server(home.prefect, say) as api:
            os.environ["PREFECT_API_URL"] = api
            _serve()


def _serve() -> None:
    from flows.serve import serve as serve_deployments

    serve_deployments(say)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(serve)
