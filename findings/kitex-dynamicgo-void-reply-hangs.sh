#!/usr/bin/env bash
# Kitex v0.16.3, generic client with JSON and dynamicgo: a method that returns nothing.
#
# Guess: its reply is an empty struct, one byte, as that of every Thrift server. Seen: the client skips five bytes of the reply
# without looking at them, because a generic server with dynamicgo writes a field of the type void with a struct in it; so it
# waits for four more bytes of any other server, Kitex' own among them, until its timeout.
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

func withDynamicGo() generic.Generic {
	return must(generic.JSONThriftGeneric(must(generic.NewThriftFileProviderWithDynamicGo("probe.thrift"))))
}

func binary() generic.Generic { return generic.BinaryThriftGenericV2("Probe") }

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
	nothing := func(context.Context, string, string, any) (any, error) { return nil, nil }
	empty := func(context.Context, string, string, any) (any, error) { return []byte{0}, nil }
	servers := []struct{ name, address string }{
		{"a server with dynamicgo", serve(withDynamicGo(), nothing)},
		{"a server without dynamicgo", serve(parsed(), nothing)},
		{"the empty struct", serve(binary(), empty)},
	}
	for _, s := range servers {
		_, err := call(s.address, parsed(), transport.TTHeaderFramed, "note", "x")
		fmt.Printf("client without dynamicgo, %s: error: %v\n", s.name, err != nil)
		began := time.Now()
		_, err = call(s.address, withDynamicGo(), transport.TTHeaderFramed, "note", "x")
		fmt.Printf("client with dynamicgo, %s: error: %v, after its 3 s: %v\n", s.name, err != nil, time.Since(began) > 2900*time.Millisecond)
	}
	reply, err := call(servers[0].address, binary(), transport.TTHeaderFramed, "note", []byte{11, 0, 1, 0, 0, 0, 1, 'x', 0})
	fmt.Printf("reply of a server with dynamicgo: %x %v\n", reply, err)
}
EOF

cat >expected <<'EOF'
client without dynamicgo, a server with dynamicgo: error: false
client with dynamicgo, a server with dynamicgo: error: false, after its 3 s: false
client without dynamicgo, a server without dynamicgo: error: false
client with dynamicgo, a server without dynamicgo: error: true, after its 3 s: true
client without dynamicgo, the empty struct: error: false
client with dynamicgo, the empty struct: error: true, after its 3 s: true
reply of a server with dynamicgo: 0100000000 <nil>
EOF

GOFLAGS=-mod=mod go run . >actual
cat actual
diff expected actual >&2 || { echo "changed: kitex-dynamicgo-void-reply-hangs" >&2; exit 1; }
