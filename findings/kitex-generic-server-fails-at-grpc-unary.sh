#!/usr/bin/env bash
# Kitex v0.16.3, generic server with JSON: a unary call over gRPC.
#
# Guess: GenericCall serves it, as it serves the call over TTHeader. Seen: the server fails for the class of its own arguments
# and the caller gets status 13, unless the server was made with WithCompatibleMiddlewareForUnary.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >go.mod <<'EOF'
module probe

go 1.24

require github.com/cloudwego/kitex v0.16.3
EOF

cat >probe.thrift <<'EOF'
namespace go probe

struct Reply { 1: optional string text }
service Probe {
    Reply echo(1: string word)
    void note(1: string word)
    oneway void tell(1: string word)
}
EOF

cat >main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/client/genericclient"
	"github.com/cloudwego/kitex/pkg/generic"
	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/server"
	"github.com/cloudwego/kitex/server/genericserver"
	"github.com/cloudwego/kitex/transport"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func parsed() generic.Generic {
	return must(generic.JSONThriftGeneric(must(generic.NewThriftFileProvider("probe.thrift"))))
}

type handle = func(ctx context.Context, service, method string, request any) (any, error)

// serve starts a generic server, and gives its address.
func serve(described generic.Generic, handler handle, options ...server.Option) string {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	s := genericserver.NewServerV2(&generic.ServiceV2{GenericCall: handler}, described, append(options,
		server.WithListener(listener), server.WithMetaHandler(transmeta.ServerTTHeaderHandler))...)
	go s.Run()
	// The listener takes connections already; they wait in it until the server does.
	return listener.Addr().String()
}

func call(address string, described generic.Generic, protocol transport.Protocol, method string, request any) (any, error) {
	c := must(genericclient.NewClient("probe", described, client.WithHostPorts(address),
		client.WithTransportProtocol(transport.PurePayload), client.WithTransportProtocol(protocol),
		client.WithMetaHandler(transmeta.ClientTTHeaderHandler), client.WithRPCTimeout(3*time.Second)))
	return c.GenericCall(context.Background(), method, request)
}

func main() {
	klog.SetOutput(io.Discard)
	echo := func(context.Context, string, string, any) (any, error) { return `{"text":"done"}`, nil }
	reply, err := call(serve(parsed(), echo), parsed(), transport.TTHeaderFramed, "echo", "x")
	fmt.Println("TTHeader:", reply, err)
	_, err = call(serve(parsed(), echo), parsed(), transport.GRPC, "echo", "x")
	fmt.Println("gRPC:", err)
	reply, err = call(serve(parsed(), echo, server.WithCompatibleMiddlewareForUnary()), parsed(), transport.GRPC, "echo", "x")
	fmt.Println("gRPC with that option:", reply, err)
}
EOF

cat >expected <<'EOF'
TTHeader: {"text":"done"} <nil>
gRPC: remote or network error: rpc error: code = 13 desc = panic: [happened in biz handler, method=Probe.echo, please check the panic at the server side] interface conversion: interface {} is *streaming.Args, not *generic.Args
gRPC with that option: {"text":"done"} <nil>
EOF

GOFLAGS=-mod=mod go run . >actual
cat actual
diff expected actual >&2 || { echo "changed: kitex-generic-server-fails-at-grpc-unary" >&2; exit 1; }
