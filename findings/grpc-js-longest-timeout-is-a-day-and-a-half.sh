#!/usr/bin/env bash
# grpc-js 1.14.7 as a server: "grpc-timeout: 99999999H", the longest that gRPC can express.
#
# Clients that have no deadline but must send one use it. Guess: about 11,000 years are left, or no deadline. Seen: about 36.8
# hours: the milliseconds are cut to 32 bits.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check h2==4.4.1 hpack==4.2.0 
npm install --silent --no-audit --no-fund @grpc/grpc-js@1.14.7
cat >server.mjs <<'EOF'
import grpc from "@grpc/grpc-js";

const same = (bytes) => bytes;
const server = new grpc.Server();
server.addService(
  { call: { path: "/probe.Probe/call", requestStream: false, responseStream: false, requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same } },
  { call: (call, reply) => reply(null, Buffer.from("handled" + ` with ${((call.getDeadline() - Date.now()) / 3600000).toFixed(1)} hours`)) },
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => console.log(port));
EOF

cat >raw_client.py <<'EOF'
import socket
import struct

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, DataReceived, ResponseReceived, StreamEnded, StreamReset, TrailersReceived


def call(port, entries=(), trailers=None):
    """Sends one unary request on a connection of its own and tells what came back."""
    told = []
    with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
        http2 = H2Connection(H2Configuration(header_encoding="utf-8", validate_outbound_headers=False))
        http2.initiate_connection()
        head = [(":method", "POST"), (":scheme", "http"), (":path", "/probe.Probe/call"), (":authority", "probe"),
                ("te", "trailers"), ("content-type", "application/grpc")]
        http2.send_headers(1, head + list(entries))
        http2.send_data(1, b"\0" + struct.pack(">I", 8) + b"question", end_stream=trailers is None)
        if trailers:
            http2.send_headers(1, trailers, end_stream=True)
        while True:
            sock.sendall(http2.data_to_send())
            data = sock.recv(65536)
            if not data:
                return told + ["connection closed"]
            for event in http2.receive_data(data):
                if isinstance(event, (ResponseReceived, TrailersReceived)):
                    headers = dict(event.headers)
                    if "grpc-status" in headers:
                        told.append("status " + headers["grpc-status"])
                elif isinstance(event, DataReceived):
                    told.append(event.data[5:].decode())
                elif isinstance(event, StreamReset):
                    return told + [f"reset {event.error_code}"]
                elif isinstance(event, ConnectionTerminated):
                    return told + [f"GOAWAY {event.error_code}"]
                elif isinstance(event, StreamEnded):
                    return told
EOF

cat >probe.py <<'EOF'
import subprocess

from raw_client import call


def other_server(*command):
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    return process, int(process.stdout.readline())


process, port = other_server("node", "server.mjs")
print("longest", call(port, [("grpc-timeout", "99999999H")]))
print("one hour", call(port, [("grpc-timeout", "1H")]))
process.kill()
EOF

cat >expected <<'EOF'
longest ['handled with 36.8 hours', 'status 0']
one hour ['handled with 1.0 hours', 'status 0']
EOF

venv/bin/python probe.py >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: grpc-js-longest-timeout-is-a-day-and-a-half" >&2; exit 1; }
