#!/usr/bin/env bash
# Kitex v0.16.3, generic calls with JSON (NewThriftFileProvider): what counts as JSON.
#
# Guess: encoding/json's rules, by which a second value is an error, a repeated name takes the last value, an empty text is an
# error, and a string needs quotes. Seen: whatever follows the first value is ignored, a repeated name takes the first value,
# an empty text is an empty struct, and the argument of a method that takes a string is sent without being read as JSON
# when it has no quotes.
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
service Probe { string echo(1: Request request), string say(1: string word) }
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
	for _, request := range []string{`{"text":"a"} and more`, `{"text":"a","text":"b"}`, ``, `null`} {
		seen, _, err := call(h, c, "echo", request, `"done"`)
		fmt.Printf("%q arrives as %v, refused: %v\n", request, seen, err != nil)
	}
	for _, word := range []string{`"hello"`, `hello`} {
		seen, _, err := call(h, c, "say", word, `"done"`)
		fmt.Printf("%q arrives as %v, refused: %v\n", word, seen, err != nil)
	}
}
EOF

cat >expected <<'EOF'
"{\"text\":\"a\"} and more" arrives as {"text":"a"}, refused: false
"{\"text\":\"a\",\"text\":\"b\"}" arrives as {"text":"a"}, refused: false
"" arrives as {}, refused: false
"null" arrives as {}, refused: false
"\"hello\"" arrives as hello, refused: false
"hello" arrives as hello, refused: false
EOF

GOFLAGS=-mod=mod go run . >actual
cat actual
diff expected actual >&2 || { echo "changed: kitex-json-generic-reads-first-value-only" >&2; exit 1; }
