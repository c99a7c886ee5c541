#!/usr/bin/env bash
# Kitex v0.16.3, generic calls with maps (MapThriftGeneric): which Go types stand for integers.
#
# Guess: int is taken for every integer of Thrift, a float is refused. Seen: the untyped constant of Go, an int, is refused for
# i64, i32 and byte ("unsupported type:int"), while a float64 is taken for i64 and cut to its whole part.
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

struct Request { 1: optional i64 number, 2: optional i8 level }
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

func maps() generic.Generic {
	return must(generic.MapThriftGeneric(must(generic.NewThriftFileProvider("probe.thrift"))))
}

func main() {
	klog.SetOutput(io.Discard)
	h, c := serve(maps)
	for _, request := range []map[string]any{{"number": 5}, {"number": 5.9}, {"number": int64(5)}, {"level": 3}} {
		seen, _, err := call(h, c, "echo", request, "done")
		fmt.Printf("%T of %v arrives as %v, refused: %v\n", value(request), request, seen, err != nil)
	}
}

func value(request map[string]any) any {
	for _, v := range request {
		return v
	}
	return nil
}
EOF

cat >expected <<'EOF'
int of map[number:5] arrives as <nil>, refused: true
float64 of map[number:5.9] arrives as map[number:5], refused: false
int64 of map[number:5] arrives as map[number:5], refused: false
int of map[level:3] arrives as <nil>, refused: true
EOF

GOFLAGS=-mod=mod go run . >actual
cat actual
diff expected actual >&2 || { echo "changed: kitex-map-generic-takes-float-but-not-int" >&2; exit 1; }
