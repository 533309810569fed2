"""Answers that are for the one who asked only."""

from starlette.responses import Response

from kcc.web.requests import Wire


def private(model: Wire, status: int = 200) -> Response:
    """A model as JSON that nobody on the way keeps."""
    return Response(model.model_dump_json(by_alias=True), status, {"Cache-Control": "no-store"}, "application/json")


def unlisted(response: Response) -> Response:
    """A page behind a link in a mail: kept by no browser and listed by no search engine."""
    response.headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
    return response
