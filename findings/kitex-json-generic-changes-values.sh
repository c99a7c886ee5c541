#!/usr/bin/env bash
# Kitex v0.16.3, generic calls with JSON (NewThriftFileProvider): a value that does not fit its field is sent as another one.
#
# Guess: an error that names the field. Seen: an enum given by its name arrives as 0, a byte of 300 as 44, a required field
# that is missing as 0, and the caller is told that all went well. With NewThriftFileProviderWithDynamicGo, which reads the
# same IDL, the name of the enum is an error; the other two are sent as well.
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

enum Color { RED = 1, GREEN = 2 }
struct Inner { 1: required i32 id }
struct Request { 1: optional Color color, 2: optional i8 level, 3: optional Inner inner }
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

func parsed() generic.Generic {
	return must(generic.JSONThriftGeneric(must(generic.NewThriftFileProvider("probe.thrift"))))
}
func dynamic() generic.Generic {
	return must(generic.JSONThriftGeneric(must(generic.NewThriftFileProviderWithDynamicGo("probe.thrift"))))
}

func main() {
	klog.SetOutput(io.Discard)
	for _, reader := range []struct {
		name     string
		describe func() generic.Generic
	}{{"parsed", parsed}, {"dynamicgo", dynamic}} {
		h, c := serve(reader.describe)
		for _, request := range []string{`{"color":"RED"}`, `{"level":300}`, `{"inner":{}}`} {
			seen, _, err := call(h, c, "echo", request, `"done"`)
			fmt.Printf("%s %s arrives as %v, refused: %v\n", reader.name, request, seen, err != nil)
		}
	}
}
EOF

cat >expected <<'EOF'
parsed {"color":"RED"} arrives as {"color":0}, refused: false
parsed {"level":300} arrives as {"level":44}, refused: false
parsed {"inner":{}} arrives as {"inner":{"id":0}}, refused: false
dynamicgo {"color":"RED"} arrives as <nil>, refused: true
dynamicgo {"level":300} arrives as {"level":44}, refused: false
dynamicgo {"inner":{}} arrives as {"inner":{"id":0}}, refused: false
EOF

GOFLAGS=-mod=mod go run . >actual
cat actual
diff expected actual >&2 || { echo "changed: kitex-json-generic-changes-values" >&2; exit 1; }
