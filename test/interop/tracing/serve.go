package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/server"
	"github.com/kitex-contrib/obs-opentelemetry/tracing"
	"go.opentelemetry.io/otel/baggage"

	"io.streamx/interop/tracing/kitex_gen/echo"
	"io.streamx/interop/tracing/kitex_gen/echo/testservice"
)

// service answers each call with what its request says and the baggage entry "tenant" of its context. Where there is a
// next server it passes the call on instead, over the transport that the request names.
type service struct {
	next *clients
}

func serve(name, next string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	handler := &service{}
	if next != "" {
		if handler.next, err = newClients(name, next); err != nil {
			return err
		}
	}
	kitex := server.NewServer(
		server.WithListener(listener),
		server.WithServerBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: name}),
		server.WithSuite(tracing.NewServerSuite()),
		// Only the end of stdin ends this process: a signal meant for the driver must not.
		server.WithExitSignal(func() <-chan error { return make(chan error) }))
	if err := testservice.RegisterService(kitex, handler); err != nil {
		return err
	}
	go func() {
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
		}
		os.Exit(0)
	}()
	announcement, err := json.Marshal(map[string]int{"port": listener.Addr().(*net.TCPAddr).Port})
	if err != nil {
		return err
	}
	fmt.Println(string(announcement))
	return kitex.Run()
}

func (s *service) answer(ctx context.Context, method, request string) (*echo.Response, error) {
	if s.next != nil {
		reply, err := s.next.call(ctx, request, method)
		return &echo.Response{Message: reply}, err
	}
	tenant := baggage.FromContext(ctx).Member("tenant").Value()
	return &echo.Response{Message: request + " of " + tenant}, nil
}

func (s *service) PingPong(ctx context.Context, request *echo.Request) (*echo.Response, error) {
	return s.answer(ctx, "PingPong", request.Message)
}

func (s *service) EchoServer(ctx context.Context, request *echo.Request, stream echo.TestService_EchoServerServer) error {
	reply, err := s.answer(ctx, "EchoServer", request.Message)
	if err != nil {
		return err
	}
	return stream.Send(ctx, reply)
}

func (s *service) EchoClient(ctx context.Context, stream echo.TestService_EchoClientServer) error {
	last, err := lastOf(func() (*echo.Request, error) { return stream.Recv(ctx) })
	if err != nil {
		return err
	}
	reply, err := s.answer(ctx, "EchoClient", last)
	if err != nil {
		return err
	}
	return stream.SendAndClose(ctx, reply)
}

func (s *service) Echo(ctx context.Context, stream echo.TestService_EchoServer) error {
	last, err := lastOf(func() (*echo.Request, error) { return stream.Recv(ctx) })
	if err != nil {
		return err
	}
	reply, err := s.answer(ctx, "Echo", last)
	if err != nil {
		return err
	}
	return stream.Send(ctx, reply)
}

// lastOf receives to the end and gives the text of the last message.
func lastOf[M interface{ GetMessage() string }](receive func() (M, error)) (string, error) {
	var last string
	for {
		message, err := receive()
		if errors.Is(err, io.EOF) {
			return last, nil
		}
		if err != nil {
			return "", err
		}
		last = message.GetMessage()
	}
}
