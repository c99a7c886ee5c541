#!/usr/bin/env bash
# grpclib 0.4.9: an empty DATA frame before the reply.
#
# Guess: it carries nothing and changes nothing; messages and frames have nothing to do with each other. Seen: recv_message
# returns None, which means that no message came, and the call ends well: the reply is lost without an error. A server that
# flushes an empty buffer first, as some proxies do, answers nothing.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check h2==4.4.1 hpack==4.2.0 grpclib==0.4.9

cat >rare_server.py <<'EOF'
import socket
import struct
import threading

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived, StreamEnded

HEAD = [(":status", "200"), ("content-type", "application/grpc")]
END = [("grpc-status", "0")]


def message(payload):
    return b"\0" + struct.pack(">I", len(payload)) + payload


def answer(http2, stream, kind):
    http2.send_headers(stream, HEAD)
    if kind == "empty_first":
        http2.send_data(stream, b"")
    http2.send_data(stream, message(b"reply"))
    http2.send_headers(stream, END, end_stream=True)


def serve(sock):
    http2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8", validate_outbound_headers=False))
    http2.initiate_connection()
    paths = {}
    while True:
        sock.sendall(http2.data_to_send())
        data = sock.recv(65536)
        if not data:
            return
        for event in http2.receive_data(data):
            if isinstance(event, RequestReceived):
                paths[event.stream_id] = dict(event.headers)[":path"]
            elif isinstance(event, StreamEnded):
                answer(http2, event.stream_id, paths[event.stream_id].rsplit("/", 1)[1])


def quietly(sock):
    try:
        serve(sock)
    except OSError:
        pass


def start():
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=quietly, args=(sock,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]
EOF

cat >probe.py <<'EOF'
import asyncio

from grpclib.client import Channel, UnaryUnaryMethod
from grpclib.encoding.base import CodecBase
from grpclib.exceptions import GRPCError

import rare_server


class Raw(CodecBase):
    __content_subtype__ = "proto"

    def encode(self, message, message_type):
        return message

    def decode(self, data, message_type):
        return bytes(data)


async def grpclib_call(port, kind, timeout=20):
    channel = Channel("127.0.0.1", port, codec=Raw())
    try:
        async with UnaryUnaryMethod(channel, "/probe.Probe/" + kind, bytes, bytes).open(timeout=timeout) as stream:
            await stream.send_message(b"question", end=True)
            reply = await stream.recv_message()
            await stream.recv_trailing_metadata()
            return reply, stream.initial_metadata
    except GRPCError as e:
        return f"{e.status.name} {e.message}", None
    except Exception as e:
        return f"{type(e).__name__} {e}".strip(), None
    finally:
        channel.close()


port = rare_server.start()
for kind in "plain", "empty_first":
    print(kind, asyncio.run(grpclib_call(port, kind))[0])
EOF

cat >expected <<'EOF'
plain b'reply'
empty_first None
EOF

venv/bin/python probe.py >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: grpclib-empty-data-frame-hides-the-reply" >&2; exit 1; }
