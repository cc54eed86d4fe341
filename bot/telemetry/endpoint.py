"""A small web server on loopback: /metrics for Prometheus, /health for whoever restarts the bot."""

import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.config import MonitoringConfig
from bot.errors import OperatorError
from bot.telemetry.metrics import Metrics

logger = logging.getLogger(__name__)

Status = Callable[[], Mapping[str, Any]]

_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@contextlib.asynccontextmanager
async def monitoring(
    config: MonitoringConfig, metrics: Metrics, status: Status
) -> AsyncIterator[int | None]:
    """Answers until the block ends; gives the port, or None where monitoring is off.

    /health is 200 while `status()` says `ready`, else 503, with the status as JSON. Raises
    OperatorError where the port cannot be had.
    """
    if not config.enabled:
        yield None
        return
    runner = web.AppRunner(_application(metrics, status), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, config.host, config.port)
        try:
            await site.start()
        except OSError as error:
            raise OperatorError(
                f"Nothing can listen on {config.host}:{config.port} ({error.strerror}).",
                "Choose another monitoring.port, or turn monitoring off.",
            ) from error
        port: int = runner.addresses[0][1]
        logger.info("Monitoring at http://%s:%d/metrics and /health", config.host, port)
        yield port
    finally:
        await runner.cleanup()


def _application(metrics: Metrics, status: Status) -> web.Application:
    async def tell_metrics(_: web.Request) -> web.Response:
        return web.Response(body=metrics.text(), headers={"Content-Type": _METRICS_TYPE})

    async def tell_health(_: web.Request) -> web.Response:
        now = dict(status())
        return web.json_response(now, status=200 if now.get("ready") else 503)

    application = web.Application()
    application.router.add_get("/metrics", tell_metrics)
    application.router.add_get("/health", tell_health)
    return application
