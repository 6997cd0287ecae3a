"""The bare floor of the door: a raw ASGI echo on the same server, for bench/load.py.

python bench/echo.py PORT
"""

from __future__ import annotations

import sys
from typing import Any

import uvicorn

_HEADERS = [(b"content-type", b"application/json")]


async def app(_scope: dict[str, Any], receive: Any, send: Any) -> None:
    message = await receive()
    body = message["body"]
    while message["more_body"]:
        message = await receive()
        body += message["body"]
    headers = [*_HEADERS, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 201, "headers": headers})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(
        app, port=int(sys.argv[1]), lifespan="off", access_log=False, log_level="warning",
        loop="uvloop", http="httptools",
    )  # fmt: skip
