package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/otel/baggage"
	"google.golang.org/grpc"
)

// service answers each call with what its request says and the baggage entry "tenant" of its context. Where there is a
// next server it passes the call on instead.
type service struct {
	next *grpc.ClientConn
}

// serve serves on a free port, until the end of its standard input.
func serve(next string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	handler := &service{}
	if next != "" {
		if handler.next, err = dial(next); err != nil {
			return err
		}
	}
	server := grpc.NewServer(grpc.StatsHandler(otelgrpc.NewServerHandler()))
	server.RegisterService(&described, handler)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	announcement, err := json.Marshal(map[string]int{"port": listener.Addr().(*net.TCPAddr).Port})
	if err != nil {
		return err
	}
	fmt.Println(string(announcement))
	return server.Serve(listener)
}

func (s *service) answer(ctx context.Context, method, request string) (string, error) {
	if s.next != nil {
		return call(ctx, s.next, method, request)
	}
	return request + " of " + baggage.FromContext(ctx).Member("tenant").Value(), nil
}
