#!/usr/bin/env bash
# Kitex v0.16.3, generic calls with JSON: which defaults of the IDL a caller sends for fields that its JSON leaves out.
#
# Guess: the default of a field without "optional" is sent, since generated Go sets it, and an absent optional field stays
# absent. Seen with NewThriftFileProvider: the other way round. The optional field is sent with its default, the plain one as
# an empty string, so its default is lost. With NewThriftFileProviderWithDynamicGo both are sent with their defaults. Two
# clients of one IDL thus send different requests for the same JSON.
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

struct Request { 1: string plain = "plain default", 2: optional string maybe = "optional default" }
service Probe { string echo(1: Request request) }
EOF

cat >main.go <<'EOF'
package main

import (
	"context"
	"encoding/json"
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
	h, raw := serve(parsed)
	seen, _, err := call(h, raw, "echo", `{}`, `"done"`)
	fmt.Println("parsed:", ordered(seen), err)
	h, raw = serve(dynamic)
	seen, _, err = call(h, raw, "echo", `{}`, `"done"`)
	fmt.Println("dynamicgo:", ordered(seen), err)
}

// ordered prints the fields in one order; the writer of JSON has none.
func ordered(text any) string {
	var fields map[string]any
	if err := json.Unmarshal([]byte(text.(string)), &fields); err != nil {
		panic(err)
	}
	return fmt.Sprintf("plain=%q maybe=%q", fields["plain"], fields["maybe"])
}
EOF

cat >expected <<'EOF'
parsed: plain="" maybe="optional default" <nil>
dynamicgo: plain="plain default" maybe="optional default" <nil>
EOF

GOFLAGS=-mod=mod go run . >actual
cat actual
diff expected actual >&2 || { echo "changed: kitex-json-generic-default-of-optional-only" >&2; exit 1; }
