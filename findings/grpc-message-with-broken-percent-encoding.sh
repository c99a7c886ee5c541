#!/usr/bin/env bash
# grpcio 1.85.3, grpclib 0.4.9, grpc-js 1.14.7 and grpc-go 1.85.0: a grpc-message whose percent-encoding is cut short.
#
# gRPC's HTTP/2 text asks for such values to be taken as well as possible, never dropped; servers that cut long messages send
# them. Guess: what can be decoded is, the rest stays. Seen: four readings. Of "%41 50%" grpc-js decodes nothing, the others the
# first escape. A letter of three bytes that was cut to two is taken for Latin-1 by grpcio, becomes U+FFFD in grpclib, stays
# encoded in grpc-js, and is a Go string that is no UTF-8 in grpc-go.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check h2==4.4.1 hpack==4.2.0 grpcio==1.85.3 grpclib==0.4.9
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
    call.on("metadata", (header) => {});
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
		fmt.Printf("grpc-go %s %d %q %q%s\n", kind, uint32(s.Code()), s.Message(), reply, "")
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


TEXTS = {"sign": "%41 50%", "letter": "x%E4%BDy"}


def answer(http2, stream, kind):
    http2.send_headers(stream, HEAD + [("grpc-status", "5"), ("grpc-message", TEXTS[kind])], end_stream=True)


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
import subprocess

import grpc
from grpclib.client import Channel, UnaryUnaryMethod
from grpclib.encoding.base import CodecBase
from grpclib.exceptions import GRPCError

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
for kind in "sign", "letter":
    print("grpcio", kind, ascii(grpcio_call(port, kind)[0]))
    print("grpclib", kind, ascii(asyncio.run(grpclib_call(port, kind))[0]))
other("node", "probe.mjs", str(port), "sign", "letter")
other("go/probe", str(port), "sign", "letter")
EOF

cat >expected <<'EOF'
grpcio sign 'NOT_FOUND A 50%'
grpclib sign 'NOT_FOUND A 50%'
grpcio letter 'NOT_FOUND x\xe4\xbdy'
grpclib letter 'NOT_FOUND x\ufffdy'
grpc-js sign 5 "%41 50%"
grpc-js letter 5 "x%E4%BDy"
grpc-go sign 5 "A 50%" ""
grpc-go letter 5 "x\xe4\xbdy" ""
EOF

venv/bin/python probe.py >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: grpc-message-with-broken-percent-encoding" >&2; exit 1; }
