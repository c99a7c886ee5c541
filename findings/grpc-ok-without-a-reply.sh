#!/usr/bin/env bash
# grpcio 1.85.3, grpc-js 1.14.7 and grpc-go 1.85.0: a unary call that ends with status 0 and no message, as a handler of Vert.x ends
# it that calls end() without one.
#
# Guess: UNIMPLEMENTED (12) from each, which gRPC's text on status codes has for a reply that is missing. Seen: grpc-js says 12,
# grpc-go INTERNAL (13). grpcio calls it a success and returns None, without having asked the function that reads replies, so
# the caller fails where it first uses the reply.
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
    client.makeUnaryRequest("/probe.Probe/" + kind, (x) => x, (x) => x, Buffer.from("question"), (error, reply) => {
      console.log("grpc-js", kind, error ? error.code + " " + JSON.stringify(error.details) : String(reply));
      done();
    });
  });
}
client.close();
EOF
mkdir go
cat >go/go.mod <<'EOF'
module probe

go 1.24

require google.golang.org/grpc v1.85.0
EOF
cat >go/main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

type raw struct{}

func (raw) Marshal(v any) ([]byte, error)      { return *(v.(*[]byte)), nil }
func (raw) Unmarshal(data []byte, v any) error { *(v.(*[]byte)) = append([]byte(nil), data...); return nil }
func (raw) Name() string                       { return "raw" }

func main() {
	channel, err := grpc.NewClient("passthrough:127.0.0.1:"+os.Args[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		panic(err)
	}
	for _, kind := range os.Args[2:] {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		question, reply := []byte("question"), []byte(nil)
		err := channel.Invoke(ctx, "/probe.Probe/"+kind, &question, &reply, grpc.ForceCodec(raw{}))
		cancel()
		s, _ := status.FromError(err)
		fmt.Printf("grpc-go %s %d %q\n", kind, uint32(s.Code()), s.Message())
	}
}
EOF
(cd go && GOFLAGS=-mod=mod go build -o probe .)

cat >rare_server.py <<'EOF'
import socket
import threading

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived, StreamEnded

HEAD = [(":status", "200"), ("content-type", "application/grpc")]
END = [("grpc-status", "0")]


def answer(http2, stream, kind):
    http2.send_headers(stream, HEAD)
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


def deserialize(reply):
    print("grpcio deserializes", reply)
    return reply


def grpcio_call(port, kind):
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary("/probe.Probe/" + kind, request_serializer=bytes, response_deserializer=deserialize)
        try:
            reply, done = call.with_call(b"question", timeout=20)
            return f"{done.code().name}, reply {reply}"
        except grpc.RpcError as e:
            return f"{e.code().name} {e.details()}"


port = rare_server.start()
print("grpcio", grpcio_call(port, "nothing"))
other("node", "probe.mjs", str(port), "nothing")
other("go/probe", str(port), "nothing")
EOF

cat >expected <<'EOF'
grpcio OK, reply None
grpc-js nothing 12 "No message received"
grpc-go nothing 13 "cardinality violation: received no response message from non-server-streaming RPC"
EOF

venv/bin/python probe.py >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: grpc-ok-without-a-reply" >&2; exit 1; }
