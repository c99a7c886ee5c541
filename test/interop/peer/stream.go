package main

import (
	"context"
	"fmt"

	"github.com/cloudwego/kitex/client/callopt/streamcall"
	"github.com/cloudwego/kitex/pkg/streaming"

	"io.streamx/interop/peer/kitex_gen/absent"
	"io.streamx/interop/peer/kitex_gen/echo"
	"io.streamx/interop/peer/kitex_gen/scenario"
)

// openStream is a stream of any method whose messages are one text.
type openStream struct {
	streaming.ClientStream
	ctx     context.Context
	request func(text string) any
	reply   func() interface{ GetMessage() string }
}

// openMethod opens a stream by the method's name. Names are unique over all services but for the "absent." ones.
func openMethod(ctx context.Context, clients *clients, method, request string, options ...streamcall.Option) (*openStream, error) {
	test := openStream{
		ctx:     ctx,
		request: func(text string) any { return &echo.Request{Message: text} },
		reply:   func() interface{ GetMessage() string } { return new(echo.Response) },
	}
	scene := openStream{
		ctx:     ctx,
		request: func(text string) any { return &scenario.Req{Message: text} },
		reply:   func() interface{ GetMessage() string } { return new(scenario.Res) },
	}
	if clients.protobuf {
		return openProtobufMethod(ctx, clients, method, request, options...)
	}
	missing := openStream{
		ctx:     ctx,
		request: func(text string) any { return &absent.Message{Message: text} },
		reply:   func() interface{ GetMessage() string } { return new(absent.Message) },
	}
	switch method {
	case "Echo":
		stream, err := clients.test.Echo(ctx, options...)
		return test.over(stream, err)
	case "EchoClient":
		stream, err := clients.test.EchoClient(ctx, options...)
		return test.over(stream, err)
	case "EchoServer":
		stream, err := clients.test.EchoServer(ctx, &echo.Request{Message: request}, options...)
		return test.over(stream, err)
	case "Bidi":
		stream, err := clients.scenario.Bidi(ctx, options...)
		return scene.over(stream, err)
	case "Collect":
		stream, err := clients.scenario.Collect(ctx, options...)
		return scene.over(stream, err)
	case "Produce":
		stream, err := clients.scenario.Produce(ctx, &scenario.Req{Message: request}, options...)
		return scene.over(stream, err)
	case "absent.known": // a method that a registered service lacks
		stream, err := clients.known.AbsentBidi(ctx, options...)
		return missing.over(stream, err)
	case "absent.unknown": // a service and a method nobody has
		stream, err := clients.unknown.AbsentBidi(ctx, options...)
		return missing.over(stream, err)
	case "absent.elsewhere": // a service nobody has, a method that one registered service has
		stream, err := clients.unknown.Bidi(ctx, options...)
		return missing.over(stream, err)
	case "absent.unreadable": // a message that lacks what its reader requires
		missing.request = func(text string) any { return &absent.Unreadable{Message: text} }
		missing.reply = func() interface{ GetMessage() string } { return new(absent.Unreadable) }
		stream, err := clients.unreadable.Echo(ctx, options...)
		return missing.over(stream, err)
	case "wrong.payload": // a Protobuf service's method, called with Thrift
		stream, err := clients.protobufAsThrift.Talk(ctx, options...)
		return missing.over(stream, err)
	default:
		return nil, fmt.Errorf("streaming method: %q (expected: one of the IDL)", method)
	}
}

func (s openStream) over(stream streaming.ClientStream, err error) (*openStream, error) {
	if err != nil {
		return nil, err
	}
	s.ClientStream = stream
	return &s, nil
}

func (s *openStream) send(text string) error {
	return s.SendMsg(s.ctx, s.request(text))
}

func (s *openStream) recv() (string, error) {
	reply := s.reply()
	if err := s.RecvMsg(s.ctx, reply); err != nil {
		return "", err
	}
	return reply.GetMessage(), nil
}

func (s *openStream) step(p *player, name, rest string) error {
	switch name {
	case "send":
		p.noteFailure("send", s.send(rest))
	case "trysend":
		p.note("send %s", describe(s.send(rest)))
	case "recv":
		p.note("%s", s.received())
	case "closeSend":
		p.noteFailure("closeSend", s.CloseSend(s.ctx))
	case "closeAndRecv":
		if err := s.CloseSend(s.ctx); err != nil {
			p.note("closeSend %s", describe(err))
			return nil
		}
		p.note("%s", s.received())
	case "header":
		entries, err := s.Header()
		p.noteEntries("header", entries, err)
	case "trailer":
		entries, err := s.Trailer()
		p.noteEntries("trailer", entries, err)
	case "drain":
		s.drain(p)
	case "sendPatterns":
		values, err := numbers(rest, 2)
		if err != nil {
			return err
		}
		p.noteFailure("send", s.sendPatterns(values[0], values[1]))
	case "recvPatterns":
		values, err := numbers(rest, 1)
		if err != nil {
			return err
		}
		p.note("%s", s.recvPatterns(values[0]))
	case "exchange":
		values, err := numbers(rest, 2)
		if err != nil {
			return err
		}
		s.exchange(p, values[0], values[1])
	default:
		return fmt.Errorf("%q (expected: a step of test/interop/README.md)", name)
	}
	return nil
}

func (s *openStream) received() string {
	text, err := s.recv()
	if err != nil {
		return describe(err)
	}
	return "message " + text
}

func (s *openStream) drain(p *player) {
	count := 0
	for {
		if _, err := s.recv(); err != nil {
			p.note("drained %d", count)
			p.note("%s", describe(err))
			return
		}
		count++
	}
}

func (s *openStream) sendPatterns(count, size int) error {
	for i := 0; i < count; i++ {
		if err := s.send(pattern(i, size)); err != nil {
			return err
		}
	}
	return nil
}

// recvPatterns receives to the end and checks each message by its index.
func (s *openStream) recvPatterns(size int) string {
	for count := 0; ; count++ {
		text, err := s.recv()
		if err != nil {
			return fmt.Sprintf("%d messages as sent, then %s", count, describe(err))
		}
		if text != pattern(count, size) {
			return fmt.Sprintf("message %d: %d bytes, not as sent (expected: %d bytes)", count, len(text), size)
		}
	}
}

// exchange sends and receives at once, so that neither end's limits can stop both.
func (s *openStream) exchange(p *player, count, size int) {
	sent := make(chan error, 1)
	go func() {
		err := s.sendPatterns(count, size)
		if err == nil {
			err = s.CloseSend(s.ctx)
		}
		sent <- err
	}()
	seen := s.recvPatterns(size)
	p.noteFailure("send", <-sent)
	p.note("%s", seen)
}

// noteFailure writes nothing when all went well: most sends do.
func (p *player) noteFailure(what string, err error) {
	if err != nil {
		p.note("%s %s", what, describe(err))
	}
}

func (p *player) noteEntries(what string, entries map[string]string, err error) {
	// gRPC's own; Kitex shows it where it came.
	delete(entries, "content-type")
	if err != nil {
		p.note("%s %s", what, describe(err))
		return
	}
	p.note("%s %s", what, describeEntries(entries))
}
