#!/usr/bin/env bash
# connect-go 1.21.1 on golang.org/x/net/http2 v0.60.0: a server that answers each request with RST_STREAM(REFUSED_STREAM).
#
# Guess: unavailable, as gRPC's table says of that code and as grpc-go, grpc-js and grpcio have it. Seen: the HTTP/2 transport
# makes the request again and again, with growing pauses, and the caller gets deadline_exceeded when its time is over: that
# the server refused is not told.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check h2==4.4.1 hpack==4.2.0 
mkdir go
cat >go/go.mod <<'EOF'
module probe

go 1.24

require (
	connectrpc.com/connect v1.21.1
	golang.org/x/net v0.60.0
)
EOF
cat >go/main.go <<'EOF'
package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"connectrpc.com/connect"
	"golang.org/x/net/http2"
)

type raw struct{ bytes []byte }

type codec struct{}

func (codec) Name() string                        { return "proto" }
func (codec) Marshal(v any) ([]byte, error)       { return v.(*raw).bytes, nil }
func (codec) Unmarshal(data []byte, v any) error  { v.(*raw).bytes = append([]byte(nil), data...); return nil }

func main() {
	clear := &http.Client{Transport: &http2.Transport{AllowHTTP: true, DialTLSContext: func(_ context.Context, network, address string, _ *tls.Config) (net.Conn, error) {
		return net.Dial(network, address)
	}}}
	for _, kind := range os.Args[2:] {
		calls := connect.NewClient[raw, raw](clear, "http://127.0.0.1:"+os.Args[1]+"/probe.Probe/"+kind, connect.WithGRPC(), connect.WithCodec(codec{}))
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		_, err := calls.CallUnary(ctx, connect.NewRequest(&raw{[]byte("question")}))
		cancel()
		fmt.Println("connect-go", kind, err)
	}
}
EOF
(cd go && GOFLAGS=-mod=mod go build -o probe .)

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


asked = []


def answer(http2, stream, kind):
    asked.append(stream)
    http2.reset_stream(stream, 7)


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

import rare_server


def other(*command):
    print(subprocess.run(command, check=True, capture_output=True, text=True, errors="backslashreplace").stdout, end="")


other("go/probe", str(rare_server.start()), "refused")
print("asked more than once:", len(rare_server.asked) > 1)
EOF

cat >expected <<'EOF'
connect-go refused deadline_exceeded: context deadline exceeded
asked more than once: True
EOF

venv/bin/python probe.py >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: connect-go-refused-stream-becomes-a-deadline" >&2; exit 1; }
