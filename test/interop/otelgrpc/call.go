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

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/otel/baggage"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func dial(address string) (*grpc.ClientConn, error) {
	return grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithStatsHandler(otelgrpc.NewClientHandler()))
}

// call makes one call with one message, to its end, and gives the reply.
func call(ctx context.Context, connection *grpc.ClientConn, method, request string) (string, error) {
	var description *grpc.StreamDesc
	switch method {
	case "Ask":
		reply := &text{}
		err := connection.Invoke(ctx, path(method), &text{Value: request}, reply)
		return reply.Value, err
	case "Talk":
		description = &talk
	case "Gather":
		description = &gather
	case "Tell":
		description = &tell
	default:
		return "", fmt.Errorf("method: %q (expected: one of messages.proto)", method)
	}
	stream, err := connection.NewStream(ctx, description, path(method))
	if err != nil {
		return "", err
	}
	if err := stream.SendMsg(&text{Value: request}); err != nil {
		return "", err
	}
	if err := stream.CloseSend(); err != nil {
		return "", err
	}
	return lastOf(stream)
}

// lastOf receives to the end and gives the text of the last message.
func lastOf(stream grpc.Stream) (string, error) {
	var last string
	for {
		message := &text{}
		err := stream.RecvMsg(message)
		if errors.Is(err, io.EOF) {
			return last, nil
		}
		if err != nil {
			return "", err
		}
		last = message.Value
	}
}

// callAll makes the calls that stdin names, one to a line.
func callAll() error {
	var command struct{ Address, Request, Method, Tenant string }
	known := map[string]*grpc.ClientConn{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := json.Unmarshal(lines.Bytes(), &command); err != nil {
			return err
		}
		if known[command.Address] == nil {
			created, err := dial(command.Address)
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
		reply, err := call(ctx, known[command.Address], command.Method, command.Request)
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
