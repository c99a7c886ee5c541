#!/usr/bin/env bash
# Kitex v0.16.3, generic server with JSON: how a handler answers with an exception that its method declares.
#
# Guess: by the JSON of the result, {"boom":{...}}, or by an error that carries the exception. Seen: the JSON is taken for the
# success type, whose fields it does not name, so the caller gets an empty success; and an error of the handler becomes the
# text of an application exception. A generic JSON server has no way to send a declared exception.
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

exception Boom { 1: i32 code }
struct Reply { 1: optional string text }
service Probe { Reply echo(1: string word) throws (1: Boom boom) }
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

func main() {
	klog.SetOutput(io.Discard)
	h, c := serve(parsed)
	_, got, err := call(h, c, "echo", `"x"`, `{"boom":{"code":7}}`)
	fmt.Println("got:", got, "error:", err)
}
EOF

cat >expected <<'EOF'
got: {} error: <nil>
EOF

GOFLAGS=-mod=mod go run . >actual
cat actual
diff expected actual >&2 || { echo "changed: kitex-json-generic-exception-reply-is-a-success" >&2; exit 1; }
