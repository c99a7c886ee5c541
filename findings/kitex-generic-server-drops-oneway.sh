#!/usr/bin/env bash
# Kitex v0.16.3, generic server with JSON: a oneway call.
#
# Guess: GenericCall serves it, and what it returns is dropped. Seen: the server panics before it calls the handler, because a
# oneway call has no result to put a reply into; the caller is told nothing, and the call is lost.
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
	for {
		if c, err := net.DialTimeout("tcp", listener.Addr().String(), time.Second); err == nil {
			c.Close()
			break
		}
	}
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
	called := make(chan string, 10)
	address := serve(parsed(), func(_ context.Context, _, method string, _ any) (any, error) {
		called <- method
		return nil, nil
	})
	for _, method := range []string{"note", "tell"} {
		_, err := call(address, parsed(), transport.TTHeaderFramed, method, "x")
		select {
		case <-called:
			fmt.Println(method, "was served; error at the caller:", err)
		case <-time.After(2 * time.Second):
			fmt.Println(method, "was not served; error at the caller:", err)
		}
	}
}
EOF

cat >expected <<'EOF'
note was served; error at the caller: <nil>
tell was not served; error at the caller: <nil>
EOF

GOFLAGS=-mod=mod go run . >actual
cat actual
diff expected actual >&2 || { echo "changed: kitex-generic-server-drops-oneway" >&2; exit 1; }
