package main

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// text is a message of messages.proto: on the wire both of its messages are what StringValue is, one string with the number
// 1. So nothing has to be generated.
type text = wrapperspb.StringValue

// name is the service of messages.proto.
const name = "streamx.interop.MessageService"

// path is what the method is called on the wire.
func path(method string) string {
	return "/" + name + "/" + method
}

// Its methods that are streams.
var (
	talk   = grpc.StreamDesc{StreamName: "Talk", Handler: lastOfMany, ClientStreams: true, ServerStreams: true}
	gather = grpc.StreamDesc{StreamName: "Gather", Handler: lastOfMany, ClientStreams: true}
	tell   = grpc.StreamDesc{StreamName: "Tell", Handler: lastOfMany, ServerStreams: true}
)

// answerer gives the reply of a method to the last message of a request.
type answerer interface {
	answer(ctx context.Context, method, request string) (string, error)
}

// described is the service as protoc-gen-go-grpc would describe it.
var described = grpc.ServiceDesc{
	ServiceName: name,
	HandlerType: (*answerer)(nil),
	Methods:     []grpc.MethodDesc{{MethodName: "Ask", Handler: ask}},
	Streams:     []grpc.StreamDesc{talk, gather, tell},
}

func ask(service any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	request := &text{}
	if err := decode(request); err != nil {
		return nil, err
	}
	reply, err := service.(answerer).answer(ctx, "Ask", request.Value)
	return &text{Value: reply}, err
}

// lastOfMany serves every kind of stream: a request that is one message is a stream that ends after it.
func lastOfMany(service any, stream grpc.ServerStream) error {
	last, err := lastOf(stream)
	if err != nil {
		return err
	}
	method, _ := grpc.MethodFromServerStream(stream)
	reply, err := service.(answerer).answer(stream.Context(), method[len(path("")):], last)
	if err != nil {
		return err
	}
	return stream.SendMsg(&text{Value: reply})
}
