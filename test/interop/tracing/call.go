package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/transport"
	"github.com/kitex-contrib/obs-opentelemetry/tracing"
	"go.opentelemetry.io/otel/baggage"

	"io.streamx/interop/tracing/kitex_gen/echo"
	"io.streamx/interop/tracing/kitex_gen/echo/testservice"
)

// clients call one server, over the transport that the text of the request names.
type clients struct {
	ttheader, grpc testservice.Client
}

func newClients(name, address string) (*clients, error) {
	common := []client.Option{
		client.WithHostPorts(address),
		client.WithClientBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: name}),
		client.WithConnectTimeout(10*time.Second),
	}
	// A service with streams begins with gRPC for all of its calls; PurePayload takes that back.
	ttheader, err := testservice.NewClient("interop.next", append([]client.Option{
		client.WithTransportProtocol(transport.PurePayload),
		client.WithSuite(tracing.NewClientSuite()),
		client.WithTransportProtocol(transport.Framed),
		client.WithTransportProtocol(transport.TTHeaderStreaming),
	}, common...)...)
	if err != nil {
		return nil, err
	}
	grpc, err := testservice.NewClient("interop.next",
		append([]client.Option{client.WithSuite(tracing.NewGRPCClientSuite())}, common...)...)
	return &clients{ttheader, grpc}, err
}

// call makes one call with one message, to its end, and gives the reply.
func (c *clients) call(ctx context.Context, transport, method string) (string, error) {
	var chosen testservice.Client
	switch transport {
	case "TTHEADER":
		chosen = c.ttheader
	case "GRPC":
		chosen = c.grpc
	default:
		return "", fmt.Errorf("request: %q (expected: TTHEADER or GRPC)", transport)
	}
	request := &echo.Request{Message: transport}
	switch method {
	case "PingPong":
		reply, err := chosen.PingPong(ctx, request)
		return reply.GetMessage(), err
	case "EchoServer":
		stream, err := chosen.EchoServer(ctx, request)
		if err != nil {
			return "", err
		}
		return lastOf(func() (*echo.Response, error) { return stream.Recv(stream.Context()) })
	case "EchoClient":
		stream, err := chosen.EchoClient(ctx)
		if err != nil {
			return "", err
		}
		if err := stream.Send(stream.Context(), request); err != nil {
			return "", err
		}
		reply, err := stream.CloseAndRecv(stream.Context())
		return reply.GetMessage(), err
	case "Echo":
		stream, err := chosen.Echo(ctx)
		if err != nil {
			return "", err
		}
		if err := stream.Send(stream.Context(), request); err != nil {
			return "", err
		}
		if err := stream.CloseSend(stream.Context()); err != nil {
			return "", err
		}
		return lastOf(func() (*echo.Response, error) { return stream.Recv(stream.Context()) })
	default:
		return "", fmt.Errorf("method: %q (expected: one of the IDL)", method)
	}
}

// call makes the calls that stdin names, one to a line.
func call(name string) error {
	var command struct{ Address, Transport, Method, Tenant string }
	known := map[string]*clients{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := json.Unmarshal(lines.Bytes(), &command); err != nil {
			return err
		}
		if known[command.Address] == nil {
			created, err := newClients(name, command.Address)
			if err != nil {
				return err
			}
			known[command.Address] = created
		}
		tenant, err := baggage.NewMember("tenant", command.Tenant)
		if err != nil {
			return err
		}
		carried, err := baggage.New(tenant)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(baggage.ContextWithBaggage(context.Background(), carried), 30*time.Second)
		reply, err := known[command.Address].call(ctx, command.Transport, command.Method)
		cancel()
		answer := map[string]string{"reply": reply}
		if err != nil {
			answer = map[string]string{"failure": err.Error()}
		}
		line, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		fmt.Println(string(line))
	}
	return lines.Err()
}
