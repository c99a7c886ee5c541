package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/client/genericclient"
	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/transport"
)

// command is one call: the form, what it travels on, and what it sends.
type command struct {
	Address, Form, Idl, Transport, Method, Mode string
	Messages                                    []string
}

// transports choose what calls travel on. The options of Kitex add up; PurePayload alone resets them.
var transports = map[string][]client.Option{
	"ttheader": {client.WithTransportProtocol(transport.PurePayload),
		client.WithTransportProtocol(transport.TTHeader), client.WithTransportProtocol(transport.TTHeaderStreaming)},
	"ttheader-framed": {client.WithTransportProtocol(transport.PurePayload),
		client.WithTransportProtocol(transport.TTHeaderFramed), client.WithTransportProtocol(transport.TTHeaderStreaming)},
	"framed": {client.WithTransportProtocol(transport.PurePayload),
		client.WithTransportProtocol(transport.Framed), client.WithTransportProtocol(transport.TTHeaderStreaming)},
	"buffered": {client.WithTransportProtocol(transport.PurePayload)},
	"grpc":     {client.WithTransportProtocol(transport.PurePayload), client.WithTransportProtocol(transport.GRPC)},
}

// call makes the calls that stdin names, one to a line, and answers each with {"replies": [...]}, with "failure" and what is
// known of it where the call failed.
func call() error {
	clients := map[string]genericclient.Client{}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var wanted command
		if err := json.Unmarshal(lines.Bytes(), &wanted); err != nil {
			return err
		}
		key := wanted.Address + " " + wanted.Form + " " + wanted.Transport
		if clients[key] == nil {
			created, err := newClient(wanted)
			if err != nil {
				return err
			}
			clients[key] = created
		}
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		replies, err := play(ctx, clients[key], forms[wanted.Form], wanted)
		cancel()
		answer := map[string]any{"replies": replies}
		if err != nil {
			answer["failure"] = err.Error()
			if business, isBusiness := kerrors.FromBizStatusError(err); isBusiness {
				answer["code"] = business.BizStatusCode()
				answer["extra"] = business.BizExtra()
			}
		}
		if err := say(answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

func newClient(wanted command) (genericclient.Client, error) {
	chosen, found := forms[wanted.Form]
	if !found {
		return nil, fmt.Errorf("form: %q (expected: one of %v)", wanted.Form, formNames())
	}
	options, found := transports[wanted.Transport]
	if !found {
		return nil, fmt.Errorf("transport: %q (expected: one of the map transports)", wanted.Transport)
	}
	described, err := chosen.describe(wanted.Idl)
	if err != nil {
		return nil, err
	}
	return genericclient.NewClient("interop.generic", described, append([]client.Option{
		client.WithHostPorts(wanted.Address),
		client.WithConnectTimeout(10 * time.Second),
		client.WithRPCTimeout(30 * time.Second),
		client.WithMetaHandler(transmeta.ClientTTHeaderHandler),
		client.WithMetaHandler(transmeta.ClientHTTP2Handler),
	}, options...)...)
}

func play(ctx context.Context, generic genericclient.Client, form form, wanted command) ([]string, error) {
	messages := []any{}
	for _, text := range wanted.Messages {
		message, err := form.fromText(text)
		if err != nil {
			return nil, err
		}
		messages = append(messages, message)
	}
	replies := []string{}
	receive := func(recv func(context.Context) (any, error)) error {
		for {
			message, err := recv(ctx)
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			text, err := form.toText(message)
			if err != nil {
				return err
			}
			replies = append(replies, text)
		}
	}
	once := func(message any) func(context.Context) (any, error) {
		return func(context.Context) (any, error) {
			if len(replies) > 0 {
				return nil, io.EOF
			}
			return message, nil
		}
	}
	switch wanted.Mode {
	case "unary":
		reply, err := generic.GenericCall(ctx, wanted.Method, messages[0])
		if err != nil {
			return replies, err
		}
		err = receive(once(reply))
		return replies, err
	case "client":
		stream, err := generic.ClientStreaming(ctx, wanted.Method)
		if err != nil {
			return replies, err
		}
		for _, message := range messages {
			if err := stream.Send(ctx, message); err != nil {
				return replies, err
			}
		}
		reply, err := stream.CloseAndRecv(ctx)
		if err != nil {
			return replies, err
		}
		err = receive(once(reply))
		return replies, err
	case "server":
		stream, err := generic.ServerStreaming(ctx, wanted.Method, messages[0])
		if err != nil {
			return replies, err
		}
		err = receive(stream.Recv)
		return replies, err
	case "bidi":
		stream, err := generic.BidirectionalStreaming(ctx, wanted.Method)
		if err != nil {
			return replies, err
		}
		for _, message := range messages {
			if err := stream.Send(ctx, message); err != nil {
				return replies, err
			}
		}
		if err := stream.CloseSend(ctx); err != nil {
			return replies, err
		}
		err = receive(stream.Recv)
		return replies, err
	default:
		return nil, fmt.Errorf("mode: %q (expected: unary, client, server or bidi)", wanted.Mode)
	}
}
