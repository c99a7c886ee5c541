#!/usr/bin/env bash
# grpcio 1.85.3 (gRPC's C core, which C++, Ruby and PHP share): DATA frames with padding.
#
# Guess: padding, a plain part of HTTP/2 (RFC 9113 6.1), is taken off, as grpclib 0.4.9, grpc-js 1.14.7 and grpc-go 1.85.0 do.
# Seen: the call fails with INTERNAL, "unsupported data flags: 0x08". A server or proxy that pads its answers cannot be
# called from Python, C++, Ruby or PHP.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check h2==4.4.1 hpack==4.2.0 grpcio==1.85.3

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
    http2.send_data(stream, message(b"reply"), pad_length=10 if kind == "padded" else None)
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
import grpc

import rare_server


def grpcio_call(port, kind):
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary("/probe.Probe/" + kind, request_serializer=bytes, response_deserializer=bytes)
        try:
            reply, done = call.with_call(b"question", timeout=20)
            return reply, done
        except grpc.RpcError as e:
            return f"{e.code().name} {e.details()}", None


port = rare_server.start()
for kind in "plain", "padded":
    print(kind, str(grpcio_call(port, kind)[0]).partition(" stream:")[0])
EOF

cat >expected <<'EOF'
plain b'reply'
padded INTERNAL Stream removed (unsupported data flags: 0x08
EOF

venv/bin/python probe.py >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: c-core-refuses-padded-data" >&2; exit 1; }
