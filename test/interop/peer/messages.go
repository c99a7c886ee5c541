package main

import (
	"context"
	"fmt"

	"github.com/cloudwego/kitex/client/callopt"
	"github.com/cloudwego/kitex/client/callopt/streamcall"

	"io.streamx/interop/peer/kitex_gen/absentmessages"
	"io.streamx/interop/peer/kitex_gen/messages"
)

// messageService serves messages.proto as the others serve their methods of one text.
type messageService struct{ peer *servingPeer }

func (m *messageService) Ask(ctx context.Context, req *messages.Request) (*messages.Reply, error) {
	reply, err := m.peer.unary(ctx, req.Message)
	if err != nil || reply == nil {
		return nil, err
	}
	return &messages.Reply{Message: *reply}, nil
}

func (m *messageService) Talk(ctx context.Context, stream messages.MessageService_TalkServer) error {
	return m.peer.bidi(ctx, stream, func() (string, error) {
		req, err := stream.Recv(ctx)
		return req.GetMessage(), err
	}, func(text string) error { return stream.Send(ctx, &messages.Reply{Message: text}) })
}

func (m *messageService) Gather(ctx context.Context, stream messages.MessageService_GatherServer) error {
	return m.peer.collect(ctx, stream, func() (string, error) {
		req, err := stream.Recv(ctx)
		return req.GetMessage(), err
	}, func(text string) error { return stream.SendAndClose(ctx, &messages.Reply{Message: text}) })
}

func (m *messageService) Tell(ctx context.Context, req *messages.Request, stream messages.MessageService_TellServer) error {
	return m.peer.produce(ctx, req.Message, stream, func(text string) error {
		return stream.Send(ctx, &messages.Reply{Message: text})
	})
}

// openProtobufMethod opens the stream that stands for a Thrift method in a case played with Protobuf.
func openProtobufMethod(ctx context.Context, clients *clients, method, request string, options ...streamcall.Option) (*openStream, error) {
	known := openStream{
		ctx:     ctx,
		request: func(text string) any { return &messages.Request{Message: text} },
		reply:   func() interface{ GetMessage() string } { return new(messages.Reply) },
	}
	missing := openStream{
		ctx:     ctx,
		request: func(text string) any { return &absentmessages.Message{Message: text} },
		reply:   func() interface{ GetMessage() string } { return new(absentmessages.Message) },
	}
	switch method {
	case "Echo", "Bidi":
		stream, err := clients.messages.Talk(ctx, options...)
		return known.over(stream, err)
	case "EchoClient", "Collect":
		stream, err := clients.messages.Gather(ctx, options...)
		return known.over(stream, err)
	case "EchoServer", "Produce":
		stream, err := clients.messages.Tell(ctx, &messages.Request{Message: request}, options...)
		return known.over(stream, err)
	case "absent.known":
		stream, err := clients.knownMessages.AbsentBidi(ctx, options...)
		return missing.over(stream, err)
	case "absent.unknown":
		stream, err := clients.unknownMessages.AbsentBidi(ctx, options...)
		return missing.over(stream, err)
	case "wrong.payload": // a Thrift service's method, called with Protobuf
		stream, err := clients.thriftAsProtobuf.Bidi(ctx, options...)
		return missing.over(stream, err)
	default:
		return nil, fmt.Errorf("streaming method with Protobuf: %q (expected: one of the IDL)", method)
	}
}

func (p *player) invokeProtobuf(method, request string, options []callopt.Option) (string, error) {
	switch method {
	case "PingPong", "Unary":
		return text(p.clients.messages.Ask(p.ctx, &messages.Request{Message: request}, options...))
	case "absent.known":
		return text(p.clients.knownMessages.Absent(p.ctx, &absentmessages.Message{Message: request}, options...))
	case "absent.unknown":
		return text(p.clients.unknownMessages.Absent(p.ctx, &absentmessages.Message{Message: request}, options...))
	case "wrong.payload":
		return text(p.clients.thriftAsProtobuf.Unary(p.ctx, &absentmessages.Message{Message: request}, options...))
	default:
		return "", fmt.Errorf("unary method with Protobuf: %q (expected: one of the IDL)", method)
	}
}
