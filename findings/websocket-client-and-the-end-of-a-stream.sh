#!/usr/bin/env bash
# websocket-client 1.9.2 (Python) and a server of websockets 17.4: how a program learns that the server has closed, and why.
#
# Guess: recv() throws with the code and the reason, as websockets and httpx-ws 0.9.0 have it, and WebSocketApp calls on_close alone
# for code 1000. Seen: recv() returns an empty text, the same as for a message that is empty, for 1000 as for an error's code; the
# next one throws that the connection was lost. Code and reason are nowhere. WebSocketApp tells both, but calls on_error first,
# with an exception, for code 1000 too, so a stream that ended well looks failed.
set -euo pipefail
dir=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check websocket-client==1.9.2 websockets==17.4 httpx==0.28.1 httpx-ws==0.9.0

cat >server.py <<'EOF'
import asyncio

import websockets


async def serve(connection):
    await connection.send("one")
    await connection.send("")
    if connection.request.path == "/well":
        await connection.close(1000, "done")
    else:
        await connection.close(4005, "no such book")


async def main():
    async with websockets.serve(serve, "127.0.0.1", 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.wait_closed()


asyncio.run(main())
EOF

cat >probe.py <<'EOF'
import sys

import httpx
import httpx_ws
import websocket
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

address = "127.0.0.1:" + sys.argv[1]


def of_websockets(path):
    seen = []
    with connect("ws://" + address + path) as connection:
        try:
            while True:
                seen.append(connection.recv(timeout=20))
        except ConnectionClosed as e:
            return seen, f"{e.rcvd.code} {e.rcvd.reason}"


def of_httpx_ws(path):
    seen = []
    with httpx.Client() as client, httpx_ws.connect_ws("http://" + address + path, client) as connection:
        try:
            while True:
                seen.append(connection.receive_text(timeout=20))
        except httpx_ws.WebSocketDisconnect as e:
            return seen, f"{int(e.code)} {e.reason}"


def of_websocket_client(path):
    seen = []
    connection = websocket.create_connection("ws://" + address + path, timeout=20)
    try:
        while True:
            seen.append(connection.recv())
    except websocket.WebSocketException as e:
        return seen, str(e)


def of_websocket_app(path):
    seen = []
    websocket.WebSocketApp(
        "ws://" + address + path,
        on_message=lambda app, message: seen.append(message),
        on_error=lambda app, error: seen.append(f"error {type(error).__name__}"),
        on_close=lambda app, code, reason: seen.append(f"close {code} {reason}"),
    ).run_forever()
    return seen, ""


for path in "/well", "/badly":
    for reader in of_websockets, of_httpx_ws, of_websocket_client, of_websocket_app:
        seen, end = reader(path)
        print(path, reader.__name__, seen, end or "-")
EOF

cat >expected <<'EOF'
/well of_websockets ['one', ''] 1000 done
/well of_httpx_ws ['one', ''] 1000 done
/well of_websocket_client ['one', '', ''] Connection to remote host was lost.
/well of_websocket_app ['one', '', 'error WebSocketConnectionClosedException', 'close 1000 done'] -
/badly of_websockets ['one', ''] 4005 no such book
/badly of_httpx_ws ['one', ''] 4005 no such book
/badly of_websocket_client ['one', '', ''] Connection to remote host was lost.
/badly of_websocket_app ['one', '', 'error WebSocketConnectionClosedException', 'close 4005 no such book'] -
EOF

venv/bin/python server.py >port 2>log &
server=$!
until [ -s port ]; do kill -0 "$server" || { cat log >&2; exit 1; }; sleep 0.1; done
venv/bin/python probe.py "$(cat port)" >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: websocket-client-and-the-end-of-a-stream" >&2; exit 1; }
