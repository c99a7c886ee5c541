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
	"strings"

	"github.com/cloudwego/kitex/pkg/generic"
	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/server"
	"github.com/cloudwego/kitex/server/genericserver"
)

// serve starts a generic server. Its handlers send back what came: each message of a stream of both kinds, the last one of a
// stream of requests, one request three times. Each message that it saw is a line on stdout: {"method": ..., "saw": ...}. A
// unary request with the word "business" is answered with a business error, one with the word "fail" with an error.
func serve(name, idl string) error {
	chosen, found := forms[name]
	if !found && name != "unknown" {
		return fmt.Errorf("form: %q (expected: one of %v, or unknown)", name, formNames())
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	options := []server.Option{
		server.WithListener(listener),
		server.WithMetaHandler(transmeta.ServerTTHeaderHandler),
		server.WithMetaHandler(transmeta.ServerHTTP2Handler),
		// Without it a generic server of Kitex v0.16.3 panics at each unary call over gRPC.
		server.WithCompatibleMiddlewareForUnary(),
		// Only the end of stdin ends this process: a signal meant for the driver must not.
		server.WithExitSignal(func() <-chan error { return make(chan error) }),
	}
	var kitex server.Server
	if name == "unknown" {
		handler := &handler{form: forms["binary"]}
		kitex = genericserver.NewUnknownServiceOrMethodServer(&genericserver.UnknownServiceOrMethodHandler{
			DefaultHandler: handler.unary, StreamingHandler: handler.bidi}, options...)
	} else {
		described, err := chosen.describe(idl)
		if err != nil {
			return err
		}
		handler := &handler{form: chosen}
		kitex = genericserver.NewServerV2(&generic.ServiceV2{
			GenericCall:     handler.unary,
			ClientStreaming: handler.clientStream,
			ServerStreaming: handler.serverStream,
			BidiStreaming:   handler.bidi,
		}, described, options...)
	}
	go func() {
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
		}
		os.Exit(0)
	}()
	if err := say(map[string]any{"port": listener.Addr().(*net.TCPAddr).Port}); err != nil {
		return err
	}
	return kitex.Run()
}

func say(what map[string]any) error {
	line, err := json.Marshal(what)
	if err == nil {
		fmt.Println(string(line))
	}
	return err
}

type handler struct {
	form form
}

func (h *handler) saw(method string, message any) error {
	text, err := h.form.toText(message)
	if err != nil {
		return err
	}
	return say(map[string]any{"method": method, "saw": text})
}

func (h *handler) unary(_ context.Context, _, method string, request any) (any, error) {
	if err := h.saw(method, request); err != nil {
		return nil, err
	}
	text, _ := h.form.toText(request)
	switch {
	case strings.Contains(text, "business"):
		return nil, kerrors.NewBizStatusErrorWithExtra(1001, "no such word", map[string]string{"word": "business"})
	case strings.Contains(text, "fail"):
		return nil, errors.New("broken")
	case h.form.answer != nil:
		return h.form.answer(method, request), nil
	case method == "Note" || method == "Tell":
		return nil, nil
	default:
		return request, nil
	}
}

func (h *handler) clientStream(ctx context.Context, _, method string, stream generic.ClientStreamingServer) error {
	var last any
	for {
		message, err := stream.Recv(ctx)
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(ctx, last)
		}
		if err != nil {
			return err
		}
		if err := h.saw(method, message); err != nil {
			return err
		}
		last = message
	}
}

func (h *handler) serverStream(ctx context.Context, _, method string, request any, stream generic.ServerStreamingServer) error {
	if err := h.saw(method, request); err != nil {
		return err
	}
	for i := 0; i < 3; i++ {
		if err := stream.Send(ctx, request); err != nil {
			return err
		}
	}
	return nil
}

func (h *handler) bidi(ctx context.Context, _, method string, stream generic.BidiStreamingServer) error {
	for {
		message, err := stream.Recv(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := h.saw(method, message); err != nil {
			return err
		}
		if err := stream.Send(ctx, message); err != nil {
			return err
		}
	}
}
