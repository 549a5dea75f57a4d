"""The web server: `uvicorn server:app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from core.connection import health
from core.schema import init_schema
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from routes import data, hooks, patterns, queue, savings, tools, workflows


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Make the schema before the first request."""
    init_schema()
    yield


app = FastAPI(title="tac-webbuilder", lifespan=lifespan)
for part in (workflows, tools, patterns, hooks, savings, queue, data):
    app.include_router(part.router, prefix="/api")


@app.get("/health")
def get_health() -> JSONResponse:
    """200 where the database answers, else 503; its type and version either way."""
    told: dict[str, Any] = health()
    return JSONResponse(told, status_code=200 if told["ok"] else 503)
