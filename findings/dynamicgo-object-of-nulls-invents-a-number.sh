#!/usr/bin/env bash
# Kitex v0.16.3 with dynamicgo v0.8.0, generic calls with JSON: an object in which every member that it names is null.
#
# Guess: null means absent, so the request is that of an empty object. Seen: the first field of the struct, an i64 that is not
# named or is null, arrives as 720577039890907136 (0x0A00010000000000: the head of that field, read as its value), and the call
# succeeds. One member that is not null, or optional fields alone in the struct, and nothing is wrong; nor with
# NewThriftFileProvider.
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

enum Color { RED = 1 }
struct Request { 1: i64 number, 2: Color color, 3: string text }
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
	h, c := serve(dynamic)
	for _, request := range []string{`{}`, `{"text":null}`, `{"number":null}`, `{"text":null,"color":1}`} {
		seen, _, err := call(h, c, "echo", request, `"done"`)
		fmt.Println("dynamicgo", request, "arrives with number", number(seen), "refused:", err != nil)
	}
	h, c = serve(parsed)
	seen, _, err := call(h, c, "echo", `{"color":null}`, `"done"`)
	fmt.Println("parsed", `{"color":null}`, "arrives with number", number(seen), "refused:", err != nil)
}

func number(text any) any {
	var fields map[string]json.RawMessage
	if text == nil || json.Unmarshal([]byte(text.(string)), &fields) != nil {
		return text
	}
	return string(fields["number"])
}
EOF

cat >expected <<'EOF'
dynamicgo {} arrives with number 0 refused: false
dynamicgo {"text":null} arrives with number 720577039890907136 refused: false
dynamicgo {"number":null} arrives with number 720577039890907136 refused: false
dynamicgo {"text":null,"color":1} arrives with number 0 refused: false
parsed {"color":null} arrives with number 0 refused: false
EOF

GOFLAGS=-mod=mod go run . >actual
cat actual
diff expected actual >&2 || { echo "changed: dynamicgo-object-of-nulls-invents-a-number" >&2; exit 1; }
