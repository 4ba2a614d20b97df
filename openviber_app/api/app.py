"""The API as one ASGI application: routes, errors, limits, OpenAPI."""

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse

from openviber_app.api import problems
from openviber_app.api.auth import needed_scope
from openviber_app.api.json_bodies import JsonBodies
from openviber_app.api.limits import BodyLimit


def create_api(*routers: APIRouter) -> FastAPI:
    """Build the application with the given routers; each has its own `/api/...` prefix."""
    app = FastAPI(
        title="OpenViber",
        version="0.1.0",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        responses=problems.DOCUMENTED,
    )
    problems.install(app)
    app.add_middleware(JsonBodies)
    app.add_middleware(BodyLimit)  # the last one added is the first one asked
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and (scope := needed_scope(route)):
                route.openapi_extra = (route.openapi_extra or {}) | {"x-scope": scope.value}
        app.include_router(router)

    @app.api_route(
        "/api/{path:path}",
        methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        include_in_schema=False,
    )
    async def unknown(path: str, request: Request) -> JSONResponse:
        return problems.problem(404, f"there is no {request.method} /api/{path}")

    return app
