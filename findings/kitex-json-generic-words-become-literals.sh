#!/usr/bin/env bash
# Kitex v0.16.3, generic client with JSON: the request of a method whose argument is a string.
#
# Guess: the text is the argument; there is nothing to parse. Seen: without dynamicgo the text is parsed as JSON first, by a parser
# that looks at the first letter alone, so that "them" is sent as "true", "fish" as "false" and "5 apples" as "5".
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

type handle = func(ctx context.Context, service, method string, request any) (any, error)

// serve starts a generic server, and gives its address.
func serve(described generic.Generic, handler handle, options ...server.Option) string {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	s := genericserver.NewServerV2(&generic.ServiceV2{GenericCall: handler}, described, append(options,
		server.WithListener(listener), server.WithMetaHandler(transmeta.ServerTTHeaderHandler))...)
	go s.Run()
	// The listener takes connections already; they wait in it until the server does.
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
	address := serve(generic.BinaryThriftGenericV2("Probe"), func(_ context.Context, _, _ string, request any) (any, error) {
		arguments := request.([]byte) // field 1: type, id, length, text
		fmt.Printf("%q\n", arguments[7:len(arguments)-1])
		return []byte{12, 0, 0, 0, 0}, nil // field 0, an empty struct
	})
	for _, word := range []string{"you", "them", "fish", "5 apples"} {
		for _, described := range []generic.Generic{parsed(), withDynamicGo()} {
			fmt.Printf("%q is sent as ", word)
			must(call(address, described, transport.TTHeaderFramed, "echo", word))
		}
	}
}
EOF

cat >expected <<'EOF'
"you" is sent as "you"
"you" is sent as "you"
"them" is sent as "true"
"them" is sent as "them"
"fish" is sent as "false"
"fish" is sent as "fish"
"5 apples" is sent as "5"
"5 apples" is sent as "5 apples"
EOF

GOFLAGS=-mod=mod go run . >actual
cat actual
diff expected actual >&2 || { echo "changed: kitex-json-generic-words-become-literals" >&2; exit 1; }
