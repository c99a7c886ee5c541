#!/usr/bin/env bash
# grpcio 1.85.3, grpclib 0.4.9, grpc-js 1.14.7 and grpc-go 1.85.0 as servers: "grpc-encoding: br" and a message that is not
# compressed.
#
# gRPC's text on compression: an unknown encoding is UNIMPLEMENTED (12) where a message is compressed with it. Guess: each
# serves the call, since no message uses the encoding. Seen: grpclib and grpc-js do; grpc-go says 12 before it looks at the
# message; grpcio says INTERNAL (13), which tells the caller nothing of encodings.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check h2==4.4.1 hpack==4.2.0 grpclib==0.4.9 grpcio==1.85.3
npm install --silent --no-audit --no-fund @grpc/grpc-js@1.14.7
cat >server.mjs <<'EOF'
import grpc from "@grpc/grpc-js";

const same = (bytes) => bytes;
const server = new grpc.Server();
server.addService(
  { call: { path: "/probe.Probe/call", requestStream: false, responseStream: false, requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same } },
  { call: (call, reply) => reply(null, Buffer.from("handled" + "")) },
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => console.log(port));
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
	"net"

	"google.golang.org/grpc"
)

type raw struct{}

func (raw) Marshal(v any) ([]byte, error)      { return *(v.(*[]byte)), nil }
func (raw) Unmarshal(data []byte, v any) error { *(v.(*[]byte)) = append([]byte(nil), data...); return nil }
func (raw) Name() string                       { return "raw" }

func call(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	var request []byte
	if err := decode(&request); err != nil {
		return nil, err
	}
	reply := []byte("handled")
	return &reply, nil
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := grpc.NewServer(grpc.ForceServerCodec(raw{}))
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "probe.Probe",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "call", Handler: call}},
	}, nil)
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	panic(server.Serve(listener))
}
EOF
(cd go && GOFLAGS=-mod=mod go build -o server .)

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
import asyncio
import logging
import queue
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
from grpclib.const import Cardinality, Handler
from grpclib.encoding.base import CodecBase
from grpclib.server import Server

from raw_client import call

logging.disable(logging.CRITICAL)


def handled(seconds):
    return b"handled"


class Everything(grpc.GenericRpcHandler):
    def service(self, details):
        def answer(request, context):
            return handled(context.time_remaining())

        return grpc.unary_unary_rpc_method_handler(answer)


def grpcio_server():
    server = grpc.server(ThreadPoolExecutor(2), handlers=[Everything()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


class Raw(CodecBase):
    __content_subtype__ = "proto"

    def encode(self, message, message_type):
        return message

    def decode(self, data, message_type):
        return bytes(data)


class Service:
    async def call(self, stream):
        await stream.recv_message()
        await stream.send_message(handled(stream.deadline and stream.deadline.time_remaining()))

    def __mapping__(self):
        return {"/probe.Probe/call": Handler(self.call, Cardinality.UNARY_UNARY, bytes, bytes)}


def grpclib_server():
    ports = queue.Queue()

    async def run():
        server = Server([Service()], codec=Raw())
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            port = sock.getsockname()[1]
        await server.start("127.0.0.1", port)
        ports.put(port)
        await server.wait_closed()

    threading.Thread(target=lambda: asyncio.run(run()), daemon=True).start()
    return ports.get()


def other_server(*command):
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    return process, int(process.stdout.readline())


BROTLI = [("grpc-encoding", "br")]
server, port = grpcio_server()
print("grpcio", call(port, BROTLI))
server.stop(None)
print("grpclib", call(grpclib_server(), BROTLI))
for name, command in ("grpc-js", ["node", "server.mjs"]), ("grpc-go", ["go/server"]):
    process, port = other_server(*command)
    print(name, call(port, BROTLI))
    process.kill()
EOF

cat >expected <<'EOF'
grpcio ['status 13']
grpclib ['handled', 'status 0']
grpc-js ['handled', 'status 0']
grpc-go ['status 12']
EOF

venv/bin/python probe.py >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: grpc-servers-and-an-encoding-nobody-used" >&2; exit 1; }
