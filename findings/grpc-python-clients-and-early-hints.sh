#!/usr/bin/env bash
# grpcio 1.85.3 and grpclib 0.4.9: an informational response (103 Early Hints) before the answer.
#
# Guess: a client passes over any number of 1xx responses before the final one (RFC 9113 8.1), as grpc-js 1.14.7 and grpc-go
# 1.85.0 do. Seen: grpcio ends the call with UNKNOWN and names the status 103; grpclib loses its connection, and with it
# whatever else runs there.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check h2==4.4.1 hpack==4.2.0 grpcio==1.85.3 grpclib==0.4.9

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
    if kind == "hints":
        http2.send_headers(stream, [(":status", "103"), ("link", "</a>; rel=preload")])
    http2.send_headers(stream, HEAD)
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
import logging

import grpc
from grpclib.client import Channel, UnaryUnaryMethod
from grpclib.encoding.base import CodecBase
from grpclib.exceptions import GRPCError

import rare_server

logging.disable(logging.CRITICAL)


def grpcio_call(port, kind):
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary("/probe.Probe/" + kind, request_serializer=bytes, response_deserializer=bytes)
        try:
            reply, done = call.with_call(b"question", timeout=20)
            return reply, done
        except grpc.RpcError as e:
            return f"{e.code().name} {e.details()}", None


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
for kind in "plain", "hints":
    print("grpcio", kind, grpcio_call(port, kind)[0])
    print("grpclib", kind, asyncio.run(grpclib_call(port, kind))[0])
EOF

cat >expected <<'EOF'
grpcio plain b'reply'
grpclib plain b'reply'
grpcio hints UNKNOWN Received http2 header with status: 103
grpclib hints StreamTerminatedError Connection lost
EOF

venv/bin/python probe.py >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: grpc-python-clients-and-early-hints" >&2; exit 1; }
