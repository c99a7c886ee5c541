package main

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/cloudwego/kitex/pkg/streaming"

	"io.streamx/interop/peer/kitex_gen/echo"
	"io.streamx/interop/peer/kitex_gen/scenario"
)

// unary runs a call whose reply is the last text its script sends; nil stands for no result.
func (p *servingPeer) unary(ctx context.Context, request string) (*string, error) {
	if !isScript(request) {
		return &request, nil
	}
	var reply *string
	s := &session{
		ctx:     ctx,
		peer:    p,
		receive: func() (string, error) { return "", io.EOF },
		send: func(text string) error {
			reply = &text
			return nil
		},
	}
	if err := s.run(request); err != nil && !errors.Is(err, errEnd) {
		return nil, err
	}
	return reply, nil
}

// bidi echoes what is not a script.
func (p *servingPeer) bidi(ctx context.Context, stream streaming.ServerStream, receive func() (string, error), send func(string) error) error {
	s := &session{ctx: ctx, peer: p, stream: stream, receive: receive, send: send}
	return s.serveMessages(send)
}

// collect replies with a digest of all messages, unless a script replied or ended the handler before.
func (p *servingPeer) collect(ctx context.Context, stream streaming.ServerStream, receive func() (string, error), send func(string) error) error {
	replied := false
	s := &session{ctx: ctx, peer: p, stream: stream, receive: receive}
	s.send = func(text string) error {
		replied = true
		return send(text)
	}
	err := s.serveMessages(func(string) error { return nil })
	if err != nil || replied || s.ended {
		return err
	}
	return s.sendDigest(step{})
}

// produce obeys a script; any other request gets three messages.
func (p *servingPeer) produce(ctx context.Context, request string, stream streaming.ServerStream, send func(string) error) error {
	s := &session{ctx: ctx, peer: p, stream: stream, send: send}
	s.receive = func() (string, error) { return "", io.EOF }
	if !isScript(request) {
		for i := 0; i < 3; i++ {
			if err := send(request + strconv.Itoa(i)); err != nil {
				return err
			}
		}
		return nil
	}
	err := s.run(request)
	if errors.Is(err, errEnd) {
		return nil
	}
	return err
}

// testService serves the seed's IDL.
type testService struct{ peer *servingPeer }

func (t *testService) PingPong(ctx context.Context, req *echo.Request) (*echo.Response, error) {
	reply, err := t.peer.unary(ctx, req.Message)
	if err != nil || reply == nil {
		return nil, err
	}
	return &echo.Response{Message: *reply}, nil
}

func (t *testService) Echo(ctx context.Context, stream echo.TestService_EchoServer) error {
	return t.peer.bidi(ctx, stream, func() (string, error) {
		req, err := stream.Recv(ctx)
		return req.GetMessage(), err
	}, func(text string) error { return stream.Send(ctx, &echo.Response{Message: text}) })
}

func (t *testService) EchoClient(ctx context.Context, stream echo.TestService_EchoClientServer) error {
	return t.peer.collect(ctx, stream, func() (string, error) {
		req, err := stream.Recv(ctx)
		return req.GetMessage(), err
	}, func(text string) error { return stream.SendAndClose(ctx, &echo.Response{Message: text}) })
}

func (t *testService) EchoServer(ctx context.Context, req *echo.Request, stream echo.TestService_EchoServerServer) error {
	return t.peer.produce(ctx, req.Message, stream, func(text string) error {
		return stream.Send(ctx, &echo.Response{Message: text})
	})
}

// scenarioService serves everything else.
type scenarioService struct{ peer *servingPeer }

func (t *scenarioService) Unary(ctx context.Context, req *scenario.Req) (*scenario.Res, error) {
	reply, err := t.peer.unary(ctx, req.Message)
	if err != nil || reply == nil {
		return nil, err
	}
	return &scenario.Res{Message: *reply}, nil
}

func (t *scenarioService) Throwing(ctx context.Context, req *scenario.Req) (*scenario.Res, error) {
	return t.Unary(ctx, req)
}

func (t *scenarioService) Fire(ctx context.Context, req *scenario.Req) error {
	_, err := t.peer.unary(ctx, req.Message)
	return err
}

func (t *scenarioService) Nothing(ctx context.Context, req *scenario.Req) error {
	_, err := t.peer.unary(ctx, req.Message)
	return err
}

func (t *scenarioService) Sum(_ context.Context, a int32, b int64, text string, inner *scenario.Inner) (int64, error) {
	return int64(a) + b + int64(len(text)) + int64(inner.GetId()), nil
}

func (t *scenarioService) SplitWords(_ context.Context, text string) ([]string, error) {
	return strings.Fields(text), nil
}

func (t *scenarioService) RichUnary(_ context.Context, req *scenario.Rich) (*scenario.Rich, error) {
	return req, nil
}

func (t *scenarioService) EmptyUnary(_ context.Context, req *scenario.Empty) (*scenario.Empty, error) {
	return req, nil
}

func (t *scenarioService) Report(_ context.Context, key string, waitMs int32) (string, error) {
	return t.peer.reports.await(key, time.Duration(waitMs)*time.Millisecond), nil
}

func (t *scenarioService) Bidi(ctx context.Context, stream scenario.ScenarioService_BidiServer) error {
	return t.peer.bidi(ctx, stream, func() (string, error) {
		req, err := stream.Recv(ctx)
		return req.GetMessage(), err
	}, func(text string) error { return stream.Send(ctx, &scenario.Res{Message: text}) })
}

func (t *scenarioService) Collect(ctx context.Context, stream scenario.ScenarioService_CollectServer) error {
	return t.peer.collect(ctx, stream, func() (string, error) {
		req, err := stream.Recv(ctx)
		return req.GetMessage(), err
	}, func(text string) error { return stream.SendAndClose(ctx, &scenario.Res{Message: text}) })
}

func (t *scenarioService) Produce(ctx context.Context, req *scenario.Req, stream scenario.ScenarioService_ProduceServer) error {
	return t.peer.produce(ctx, req.Message, stream, func(text string) error {
		return stream.Send(ctx, &scenario.Res{Message: text})
	})
}

func (t *scenarioService) RichBidi(ctx context.Context, stream scenario.ScenarioService_RichBidiServer) error {
	return echoAll(func() error {
		message, err := stream.Recv(ctx)
		if err != nil {
			return err
		}
		return stream.Send(ctx, message)
	})
}

func (t *scenarioService) EmptyBidi(ctx context.Context, stream scenario.ScenarioService_EmptyBidiServer) error {
	return echoAll(func() error {
		message, err := stream.Recv(ctx)
		if err != nil {
			return err
		}
		return stream.Send(ctx, message)
	})
}

// echoAll repeats one exchange until the client ends its messages.
func echoAll(exchange func() error) error {
	for {
		if err := exchange(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
