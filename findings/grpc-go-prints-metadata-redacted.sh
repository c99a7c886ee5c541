#!/usr/bin/env bash
# grpc-go 1.85.0: what fmt prints of metadata.MD.
#
# Guess: the map, with names and values, as for any map of Go; that is how people look at what came. Seen: well-known HTTP
# names stand there, everything else is "<N redacted>", names included. Reading the map gives all of it.
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
	"google.golang.org/grpc/metadata"
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
		question, reply, header := []byte("question"), []byte(nil), metadata.MD{}
		err := channel.Invoke(ctx, "/probe.Probe/"+kind, &question, &reply, grpc.ForceCodec(raw{}), grpc.Header(&header))
		cancel()
		s, _ := status.FromError(err)
		fmt.Printf("grpc-go %s %d %q %q%s\n", kind, uint32(s.Code()), s.Message(), reply, fmt.Sprint(" printed ", header, " read ", header["tenant"]))
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


def answer(http2, stream, kind):
    http2.send_headers(stream, HEAD + [("tenant", "blue")])
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

import rare_server


def other(*command):
    print(subprocess.run(command, check=True, capture_output=True, text=True, errors="backslashreplace").stdout, end="")


port = rare_server.start()
other("go/probe", str(port), "plain")
EOF

cat >expected <<'EOF'
grpc-go plain 0 "" "reply" printed map[content-type:[application/grpc] <1 redacted>] read [blue]
EOF

venv/bin/python probe.py >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: grpc-go-prints-metadata-redacted" >&2; exit 1; }
