#!/usr/bin/env bash
# grpc-js 1.14.7: a header that comes twice.
#
# Guess: metadata.get(name) gives an array of two values, as its type says and as grpcio, grpclib and grpc-go have it. Seen: an
# array of one, "1, 2": Node's HTTP/2 joins the lines before grpc-js sees them, so a value that holds a comma cannot be told from
# two values.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check h2==4.4.1 hpack==4.2.0 grpcio==1.85.3
npm install --silent --no-audit --no-fund @grpc/grpc-js@1.14.7
cat >probe.mjs <<'EOF'
import grpc from "@grpc/grpc-js";

const [port, ...kinds] = process.argv.slice(2);
const client = new grpc.Client("127.0.0.1:" + port, grpc.credentials.createInsecure());
for (const kind of kinds) {
  await new Promise((done) => {
    const call = client.makeUnaryRequest("/probe.Probe/" + kind, (x) => x, (x) => x, Buffer.from("question"), (error, reply) => {
      console.log("grpc-js", kind, error ? error.code + " " + JSON.stringify(error.details) : String(reply));
      done();
    });
    call.on("metadata", (header) => console.log("grpc-js header", JSON.stringify(header.get("twice"))));
  });
}
client.close();
EOF

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
    http2.send_headers(stream, HEAD + [("twice", "1"), ("twice", "2")])
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
import subprocess

import grpc

import rare_server


def other(*command):
    print(subprocess.run(command, check=True, capture_output=True, text=True, errors="backslashreplace").stdout, end="")


def grpcio_call(port, kind):
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary("/probe.Probe/" + kind, request_serializer=bytes, response_deserializer=bytes)
        try:
            reply, done = call.with_call(b"question", timeout=20)
            return reply, done
        except grpc.RpcError as e:
            return f"{e.code().name} {e.details()}", None


port = rare_server.start()
_, done = grpcio_call(port, "repeated")
print("grpcio", [value for name, value in done.initial_metadata() if name == "twice"])
other("node", "probe.mjs", str(port), "repeated")
EOF

cat >expected <<'EOF'
grpcio ['1', '2']
grpc-js header ["1, 2"]
grpc-js repeated reply
EOF

venv/bin/python probe.py >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: grpc-js-joins-repeated-metadata" >&2; exit 1; }
