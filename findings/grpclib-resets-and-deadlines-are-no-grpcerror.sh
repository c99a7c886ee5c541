#!/usr/bin/env bash
# grpclib 0.4.9: which exceptions a call throws.
#
# Guess: GRPCError with a status for each end that is not OK, so a deadline is DEADLINE_EXCEEDED and a reset stream what
# gRPC's table says of its code (REFUSED_STREAM: UNAVAILABLE). Seen: GRPCError only for what trailers say. A reset is a
# StreamTerminatedError, a deadline asyncio's TimeoutError; neither is a GRPCError, so "except GRPCError" misses both.
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
    if kind == "refused":
        http2.reset_stream(stream, 7)
    elif kind == "not_found":
        http2.send_headers(stream, HEAD + [("grpc-status", "5"), ("grpc-message", "nobody")], end_stream=True)


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
from grpclib.exceptions import StreamTerminatedError

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
print("not_found:", asyncio.run(grpclib_call(port, "not_found"))[0])
print("refused:", asyncio.run(grpclib_call(port, "refused"))[0])
print("silent:", asyncio.run(grpclib_call(port, "silent", timeout=0.5))[0])
print("of one family:", issubclass(StreamTerminatedError, GRPCError) or issubclass(TimeoutError, GRPCError))
EOF

cat >expected <<'EOF'
not_found: NOT_FOUND nobody
refused: StreamTerminatedError Stream reset by remote party, error_code: 7
silent: TimeoutError Deadline exceeded
of one family: False
EOF

venv/bin/python probe.py >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: grpclib-resets-and-deadlines-are-no-grpcerror" >&2; exit 1; }
