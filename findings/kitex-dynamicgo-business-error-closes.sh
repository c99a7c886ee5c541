#!/usr/bin/env bash
# Kitex v0.16.3, generic server with JSON: a business error of a unary handler, over TTHeader.
#
# Guess: the caller gets the business error, as without dynamicgo. Seen: with dynamicgo the server fails to write the reply,
# which has no result, and closes the connection; the caller gets a network error and neither code nor text.
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
	"github.com/cloudwego/kitex/pkg/kerrors"
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
	business := func(context.Context, string, string, any) (any, error) {
		return nil, kerrors.NewBizStatusError(1001, "no such word")
	}
	for _, described := range []struct {
		name string
		by   func() generic.Generic
	}{{"without dynamicgo", parsed}, {"with dynamicgo", withDynamicGo}} {
		_, err := call(serve(described.by(), business), parsed(), transport.TTHeaderFramed, "echo", "x")
		if failure, isBusiness := kerrors.FromBizStatusError(err); isBusiness {
			fmt.Println(described.name, "the caller gets", failure.BizStatusCode(), failure.BizMessage())
		} else {
			fmt.Println(described.name, "the caller gets a network error:", kerrors.IsKitexError(err))
		}
	}
}
EOF

cat >expected <<'EOF'
without dynamicgo the caller gets 1001 no such word
with dynamicgo the caller gets a network error: true
EOF

GOFLAGS=-mod=mod go run . >actual
cat actual
diff expected actual >&2 || { echo "changed: kitex-dynamicgo-business-error-closes" >&2; exit 1; }
