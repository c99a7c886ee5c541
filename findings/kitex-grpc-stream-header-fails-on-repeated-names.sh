#!/usr/bin/env bash
# Kitex v0.16.3 as a gRPC client: a response header in which a name stands twice, and a binary entry with two values.
#
# Guess: Header(), which has one value to a name, gives the first or joins them. Seen: Header() fails as a whole, so nothing of
# the header can be read, while messages go on to come. A binary entry of two values joined by a comma, which gRPC's text allows,
# is left out without a word.
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

require github.com/cloudwego/kitex v0.16.3
EOF
cat >go/main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/client/genericclient"
	"github.com/cloudwego/kitex/pkg/generic"
	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/transport"
)

func main() {
	klog.SetOutput(io.Discard)
	for _, kind := range os.Args[2:] {
		calls, err := genericclient.NewClient("probe", generic.BinaryPbGeneric("Probe", "probe"),
			client.WithHostPorts("127.0.0.1:"+os.Args[1]), client.WithTransportProtocol(transport.GRPC|transport.GRPCStreaming))
		if err != nil {
			panic(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		stream, err := calls.ServerStreaming(ctx, kind, []byte("question"))
		if err != nil {
			panic(err)
		}
		header, headerErr := stream.Header()
		reply, recvErr := stream.Recv(ctx)
		cancel()
		bytes, _ := reply.([]byte)
		fmt.Printf("%s header %v %v\n%s reply %q %v\n", kind, header, headerErr, kind, bytes, recvErr)
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


HEADERS = {"single": [("tenant", "blue")], "repeated": [("tenant", "blue"), ("tenant", "red")], "binary": [("two-bin", "AQI,AwQ")]}


def answer(http2, stream, kind):
    http2.send_headers(stream, HEAD + HEADERS[kind])
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


other("go/probe", str(rare_server.start()), "single", "repeated", "binary")
EOF

cat >expected <<'EOF'
single header map[content-type:application/grpc tenant:blue] <nil>
single reply "reply" <nil>
repeated header map[] cannot convert http2 metadata to streaming header, because the value of key tenant is zero or more than one
repeated reply "reply" <nil>
binary header map[content-type:application/grpc] <nil>
binary reply "reply" <nil>
EOF

venv/bin/python probe.py >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: kitex-grpc-stream-header-fails-on-repeated-names" >&2; exit 1; }
