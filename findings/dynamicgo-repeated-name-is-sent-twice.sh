#!/usr/bin/env bash
# Kitex v0.16.3 with dynamicgo v0.8.0, generic calls with JSON: a name that stands twice in an object.
#
# Guess: one of the two values is sent, as every JSON reader of Go does it. Seen: the struct is sent with the field twice, and
# a server that is generic itself hands its handler JSON in which the name stands twice. A server with generated code takes
# the last value, where Kitex' other JSON reader (NewThriftFileProvider) sends the first.
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

struct Request { 1: optional string text }
service Probe { string echo(1: Request request) }
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
	"github.com/cloudwego/kitex/server"
	"github.com/cloudwego/kitex/server/genericserver"
)

type handler struct {
	seen  any
	reply any
}

func (h *handler) GenericCall(_ context.Context, _ string, request any) (any, error) {
	h.seen = request
	return h.reply, nil
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// serve starts a generic server and a generic client of it, each with a description of its own.
func serve(describe func() generic.Generic) (*handler, genericclient.Client) {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	h := &handler{}
	s := genericserver.NewServer(h, describe(), server.WithListener(listener))
	go s.Run()
	for {
		if c, err := net.DialTimeout("tcp", listener.Addr().String(), time.Second); err == nil {
			c.Close()
			break
		}
	}
	return h, must(genericclient.NewClient("probe", describe(), client.WithHostPorts(listener.Addr().String())))
}

func call(h *handler, c genericclient.Client, method string, request, reply any) (any, any, error) {
	h.seen, h.reply = nil, reply
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	got, err := c.GenericCall(ctx, method, request)
	return h.seen, got, err
}

func dynamic() generic.Generic {
	return must(generic.JSONThriftGeneric(must(generic.NewThriftFileProviderWithDynamicGo("probe.thrift"))))
}

func main() {
	klog.SetOutput(io.Discard)
	h, c := serve(dynamic)
	seen, _, err := call(h, c, "echo", `{"text":"a","text":"b"}`, `"done"`)
	fmt.Println(seen, err)
}
EOF

cat >expected <<'EOF'
{"text":"a","text":"b"} <nil>
EOF

GOFLAGS=-mod=mod go run . >actual
cat actual
diff expected actual >&2 || { echo "changed: dynamicgo-repeated-name-is-sent-twice" >&2; exit 1; }
