#!/usr/bin/env bash
# Kitex v0.16.3, generic calls with JSON (NewThriftFileProvider): a number beyond a double, 1e400.
#
# Guess: the caller's own side refuses the number. Seen: the caller sends infinity; the server fails while it turns the
# request into JSON for its handler, and answers "response marshal failed", although there is no response yet. With dynamicgo
# v0.8.0 the caller's side names the number.
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

struct Request { 1: optional double number }
service Probe { string echo(1: Request request) }
EOF

cat >main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
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
	h, c := serve(parsed)
	seen, _, err := call(h, c, "echo", `{"number":1e400}`, `"done"`)
	fmt.Println("parsed: handler saw", seen, "by the server:", strings.Contains(err.Error(), "[remote]"), "text:", strings.Contains(err.Error(), "response marshal failed"))
	h, c = serve(dynamic)
	seen, _, err = call(h, c, "echo", `{"number":1e400}`, `"done"`)
	fmt.Println("dynamicgo: handler saw", seen, "by the server:", strings.Contains(err.Error(), "[remote]"), "text:", strings.Contains(err.Error(), "float number is infinity"))
}
EOF

cat >expected <<'EOF'
parsed: handler saw <nil> by the server: true text: true
dynamicgo: handler saw <nil> by the server: false text: true
EOF

GOFLAGS=-mod=mod go run . >actual
cat actual
diff expected actual >&2 || { echo "changed: kitex-json-generic-large-double-fails-at-the-server" >&2; exit 1; }
