"""The routes: pages for people, and under ``/api`` the same for programs (``openapi.json``)."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from functools import cache

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from landxml_web import audit, compared, orders, pages, recognition, uploads
from landxml_web.access import WITHOUT_USERS, Access, Doors, cookie
from landxml_web.runs import ENDED, Run, Runs
from landxml_web.settings import Settings
from landxml_web.work import Work

__all__ = ["application", "routes"]

SANDBOX = (
    "sandbox allow-scripts allow-modals allow-popups; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""Of reports: an origin of their own, which can ask nobody anything. Their own policy names their script."""
MOST_OPEN, MOST_WAITING = 20, 50
"""Runs of one user that take files, and runs that wait."""
MOST_RECOGNISING = 2
"""Processes that look at files while others wait, in which case answers come a little later."""
MOST_BODY = 1 << 16
"""Bytes of a body that is none of a file."""
STATIC = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}


class _Order(msgspec.Struct, forbid_unknown_fields=True):
    kind: str
    options: dict[str, str] = {}


def application(settings: Settings, doors: Doors, runs: Runs, work: Work) -> Access:
    """Return the application; it ends ``work`` and what need not be kept when the server ends."""

    @contextlib.asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(work.close)
        runs.close()

    app = Starlette(
        routes=routes(), lifespan=life, exception_handlers={HTTPException: _http, Exception: _broken}
    )
    app.state.settings, app.state.doors, app.state.runs, app.state.work = settings, doors, runs, work
    app.state.recognising = asyncio.Semaphore(MOST_RECOGNISING)
    return Access(app, settings, doors)


def routes() -> list[Route]:
    """Return what can be asked for, and by which method."""
    return [
        Route("/", _home),
        Route("/open", _open, methods=["GET", "POST"]),
        Route("/diff", _diff),
        Route("/runs/{id}", _run),
        Route("/runs/{id}/{name}", _document),
        Route("/api/runs", _new, methods=["POST"]),
        Route("/api/runs", _list),
        Route("/api/runs/{id}", _told),
        Route("/api/runs/{id}", _end, methods=["DELETE"]),
        Route("/api/runs/{id}/files", _put, methods=["PUT"]),
        Route("/api/runs/{id}/files", _recognised),
        Route("/api/runs/{id}/start", _start, methods=["POST"]),
        Route("/api/runs/{id}/documents/{name}", _document),
        Route("/api/diff", _diff_told),
        Route("/api/openapi.json", _openapi),
        *(Route(f"/{name}", _static) for name in STATIC),
    ]


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = {404: "refused.absent", 413: "refused.long"}
    return pages.refused(request, status, known.get(status, "refused.method"))


async def _broken(request: Request, _: Exception) -> Response:
    return pages.refused(request, 500, "refused.failed")


async def _open(request: Request) -> Response:
    """Take a token for a session; a page of ours then leads on, so that browsers send the cookie."""
    state = request.app.state
    token = request.query_params.get("token", "")
    if request.method == "POST":
        token = (await _body(request)).decode(errors="replace")
    user = state.doors.user(token)
    if user is None:
        return pages.refused(request, 401, "refused.token")
    audit.note(state.settings.audit, "open", user)
    asked = request.query_params.get("run", "")
    if user == WITHOUT_USERS and (left := state.runs.take(asked)):  # by another start of the program
        state.work.add(left)
    run = state.runs.get(asked)
    response = pages.page(request, "opened", to=f"/runs/{run.id}" if run else "/")
    response.set_cookie(
        cookie(state.settings),
        state.doors.open(user),
        httponly=True,
        samesite="strict",
        secure=state.settings.cert is not None,
    )
    return response


async def _static(request: Request) -> Response:
    name = request.url.path[1:]
    data = pages.style() if name == "page.css" else pages.read(name)
    return Response(data, media_type=STATIC[name])


async def _home(request: Request) -> Response:
    return pages.page(
        request,
        "home",
        runs=[run for run in _own(request) if run.state != "open"],
        kinds={kind: orders.fields(kind) for kind in orders.KINDS},
        keep=request.app.state.settings.keep,
        office=bool(request.app.state.settings.users),
        today=dt.datetime.now(dt.UTC).astimezone().date(),
    )


async def _run(request: Request) -> Response:
    run = msgspec.structs.replace(_of(request))  # as it is now; it goes on meanwhile
    state = request.app.state
    documents = state.runs.documents(run) if run.state == "done" else {}
    read = orders.READ[run.kind] if orders.READ[run.kind] in documents else ""
    sizes = {name: path.stat().st_size for name, path in documents.items()}
    return pages.page(request, "run", run=run, documents=sizes, read=read, told=_telling(request, run))


async def _document(request: Request) -> Response:
    """Send what came out of a run: reports in a sandbox, all else to be saved."""
    run, name = _of(request), request.path_params["name"]
    path = request.app.state.runs.documents(run).get(name)
    if path is None or run.state != "done":
        raise HTTPException(404)
    audit.note(request.app.state.settings.audit, "read", request.state.user, run)
    if path.suffix == ".html" and "save" not in request.query_params:
        return FileResponse(
            path, headers={"Content-Security-Policy": SANDBOX}, content_disposition_type="inline"
        )
    return FileResponse(path, filename=name)


async def _diff(request: Request) -> Response:
    before, after = _two(request)
    found = await run_in_threadpool(compared.compare, request.app.state.runs, before, after)
    return pages.page(request, "diff", before=before, after=after, found=found)


async def _diff_told(request: Request) -> Response:
    before, after = _two(request)
    return pages.as_json(await run_in_threadpool(compared.compare, request.app.state.runs, before, after))


async def _list(request: Request) -> Response:
    return pages.as_json([_telling(request, run) for run in _own(request)])


async def _new(request: Request) -> Response:
    state = request.app.state
    if sum(run.state == "open" for run in _own(request)) >= MOST_OPEN:
        return pages.refused(request, 429, "refused.busy")
    run = state.runs.new(request.state.user, pages.lang_of(request))
    audit.note(state.settings.audit, "new", request.state.user, run)
    return pages.as_json(_telling(request, run), 201, headers={"Location": f"/api/runs/{run.id}"})


async def _told(request: Request) -> Response:
    return pages.as_json(_telling(request, _of(request)), headers={"Retry-After": "1"})


async def _put(request: Request) -> Response:
    run, state = _of(request), request.app.state
    if run.state != "open":
        return pages.refused(request, 409, "refused.started")
    try:
        return pages.as_json(await uploads.receive(request, run, state.runs, state.settings), 201)
    except uploads.RefusedError as error:
        return pages.refused(request, error.status, error.message, **error.values)
    except ClientDisconnect:
        return Response(status_code=400)


async def _recognised(request: Request) -> Response:
    """Tell what is in the files that have come in so far."""
    run = _of(request)
    names = orders.given([file.name for file in run.files], {}, "check")
    async with request.app.state.recognising:
        found = await run_in_threadpool(recognition.ask, names, request.app.state.runs.input(run))
    lang = pages.lang_of(request)
    return pages.as_json(
        [
            {
                "name": each.name,
                "layouts": [title.get(lang) for title in each.layouts],
                "troubles": [why.get(lang) for why in each.troubles],
            }
            for each in found
        ]
    )


async def _start(request: Request) -> Response:
    run, state = _of(request), request.app.state
    try:
        order = msgspec.json.decode(await _body(request), type=_Order)
    except msgspec.MsgspecError:
        return pages.refused(request, 400, "refused.order")
    if run.state != "open":
        return pages.refused(request, 409, "refused.started")
    names = [file.name for file in run.files]
    if wrong := orders.mistake(order.kind, order.options, names):
        return pages.refused(request, 400, "refused.option", name=wrong)
    if not orders.given(names, order.options, order.kind):
        return pages.refused(request, 409, "refused.empty")
    if state.work.waiting() >= MOST_WAITING:
        return pages.refused(request, 429, "refused.busy")
    run.kind, run.options, run.lang = order.kind, order.options, pages.lang_of(request)
    audit.note(state.settings.audit, "start", request.state.user, run)
    state.work.add(run)
    return pages.as_json(_telling(request, run), 202, headers={"Location": f"/api/runs/{run.id}"})


async def _end(request: Request) -> Response:
    """Stop a run that waits or goes on; remove one that takes files or has ended."""
    run, state = _of(request), request.app.state
    audit.note(state.settings.audit, "end", request.state.user, run)
    if run.state in {"queued", "running"}:
        await run_in_threadpool(state.work.stop, run)
    else:
        await run_in_threadpool(state.runs.remove, run)
    return Response(status_code=204)


async def _openapi(_: Request) -> Response:
    return Response(_openapi_document(), media_type="application/json")


@cache
def _openapi_document() -> bytes:
    return pages.read("openapi.json")


async def _body(request: Request) -> bytes:
    """Return the body of a request that is none of a file."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            raise HTTPException(413)
    return body


def _own(request: Request) -> list[Run]:
    """Return the runs that a user may see: their own."""
    return [run for run in request.app.state.runs if run.owner == request.state.user]


def _of(request: Request) -> Run:
    run: Run | None = request.app.state.runs.get(request.path_params["id"])
    if run is None or run.owner != request.state.user:
        raise HTTPException(404)
    return run


def _two(request: Request) -> tuple[Run, Run]:
    """Return the two runs that are to be compared, the earlier one first."""
    asked = set(request.query_params.getlist("run"))
    found = sorted((run for run in _own(request) if run.id in asked), key=lambda run: run.created)
    if len(found) != 2 or any(not compared.can(request.app.state.runs, run) for run in found):
        raise HTTPException(404)
    return found[0], found[1]


def _telling(request: Request, run: Run) -> Mapping[str, object]:
    """Return what is told of a run."""
    run = msgspec.structs.replace(run)  # as it is now; it goes on meanwhile
    lang, work = pages.lang_of(request), request.app.state.work
    told: dict[str, object] = {
        "id": run.id,
        "kind": run.kind,
        "state": run.state,
        "created": run.created,
        "options": run.options,
    }
    if run.state == "open":
        told["files"] = run.files
    if run.state == "queued":
        told["place"] = work.place(run)
    if run.state == "running":
        told |= {"phase": run.phase, "done": run.done, "total": run.total, "left": _left(run)}
        told["phase_title"] = pages.say(lang, f"phase.{run.phase or 'starting'}")
    if run.state in ENDED:
        told |= {"ended": run.ended, "message": run.message, "outcome": run.outcome}
        told["documents"] = [*request.app.state.runs.documents(run)] if run.state == "done" else []
    return told


def _left(run: Run) -> int | None:
    """Return the seconds that a run may still take, as it has gone so far; None if nobody knows."""
    if not (run.started and 0 < run.done < run.total):
        return None
    gone = (dt.datetime.now(dt.UTC) - run.started).total_seconds()
    return round(gone * (run.total - run.done) / run.done)
