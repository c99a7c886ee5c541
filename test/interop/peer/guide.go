package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"time"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/client/callopt/streamcall"
	"github.com/cloudwego/kitex/pkg/endpoint/cep"
	"github.com/cloudwego/kitex/pkg/endpoint/sep"
	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/streaming"
	"github.com/cloudwego/kitex/server"

	"io.streamx/interop/peer/kitex_gen/echo"
	"io.streamx/interop/peer/kitex_gen/echo/testservice"
)

// guideHandler is what one writes with Kitex. The guide "Coming from Kitex in Go" shows the marked parts of this file beside Java;
// it is built with the peer and never called.
type guideHandler struct{}

func (guideHandler) PingPong(_ context.Context, req *echo.Request) (*echo.Response, error) {
	return &echo.Response{Message: req.Message}, nil
}

// --8<-- [start:go-bidi-handler]
func (guideHandler) Echo(ctx context.Context, stream echo.TestService_EchoServer) error {
	for {
		req, err := stream.Recv(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(ctx, &echo.Response{Message: req.Message}); err != nil {
			return err
		}
	}
}

// --8<-- [end:go-bidi-handler]

// --8<-- [start:go-client-handler]
func (guideHandler) EchoClient(ctx context.Context, stream echo.TestService_EchoClientServer) error {
	count := 0
	for {
		_, err := stream.Recv(ctx)
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(ctx, &echo.Response{Message: fmt.Sprint("got ", count)})
		}
		if err != nil {
			return err
		}
		count++
	}
}

// --8<-- [end:go-client-handler]

// --8<-- [start:go-error-handler]
func (guideHandler) EchoServer(ctx context.Context, req *echo.Request, stream echo.TestService_EchoServerServer) error {
	if req.Message == "" {
		return kerrors.NewBizStatusErrorWithExtra(10001, "nothing to say", map[string]string{"field": "message"})
	}
	return stream.Send(ctx, &echo.Response{Message: "fine"})
}

// --8<-- [end:go-error-handler]

func guideServe() error {
	// --8<-- [start:go-server]
	address, _ := net.ResolveTCPAddr("tcp", ":8888")
	svr := testservice.NewServer(guideHandler{},
		server.WithServiceAddr(address),
		server.WithExitWaitTime(20*time.Second),
		server.WithStreamOptions(
			server.WithStreamMiddleware(func(next sep.StreamEndpoint) sep.StreamEndpoint {
				return func(ctx context.Context, stream streaming.ServerStream) error {
					if _, ok := metainfo.GetPersistentValue(ctx, "TOKEN"); !ok {
						return kerrors.NewBizStatusError(401, "who are you?")
					}
					return next(ctx, stream)
				}
			})))
	return svr.Run()
	// --8<-- [end:go-server]
}

func guideNewClient() (testservice.Client, error) {
	// --8<-- [start:go-client]
	cli, err := testservice.NewClient("a.b.c",
		client.WithHostPorts("127.0.0.1:8888"),
		client.WithStreamOptions(
			client.WithStreamRecvTimeout(30*time.Second),
			client.WithStreamSendMiddleware(func(next cep.StreamSendEndpoint) cep.StreamSendEndpoint {
				return func(ctx context.Context, stream streaming.ClientStream, message any) error {
					log.Println("sends", message)
					return next(ctx, stream, message)
				}
			})))
	// --8<-- [end:go-client]
	return cli, err
}

func guideModes(ctx context.Context, cli testservice.Client) error {
	// --8<-- [start:go-modes]
	uploaded, err := cli.EchoClient(ctx)
	if err != nil {
		return err
	}
	if err := uploaded.Send(uploaded.Context(), &echo.Request{Message: "one"}); err != nil {
		return err
	}
	total, err := uploaded.CloseAndRecv(uploaded.Context())
	if err != nil {
		return err
	}
	fmt.Println(total.Message)

	replies, err := cli.EchoServer(ctx, &echo.Request{Message: "hi"})
	if err != nil {
		return err
	}
	for {
		reply, err := replies.Recv(replies.Context())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		fmt.Println(reply.Message)
	}
	// --8<-- [end:go-modes]
	return nil
}

func guideMetainfo(ctx context.Context, cli testservice.Client) error {
	// --8<-- [start:go-metainfo]
	ctx = metainfo.WithPersistentValue(ctx, "USER", "ann")
	ctx = metainfo.WithValue(ctx, "SHARD", "3")
	stream, err := cli.Echo(ctx)
	if err != nil {
		return err
	}
	header, err := stream.Header()    // waits
	trailer, err2 := stream.Trailer() // waits for the end
	// --8<-- [end:go-metainfo]
	fmt.Println(header, trailer)
	return errors.Join(err, err2)
}

func guideCancel(ctx context.Context, cli testservice.Client) error {
	// --8<-- [start:go-cancel]
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := cli.EchoServer(ctx, &echo.Request{Message: "hi"}, streamcall.WithRecvTimeout(3*time.Second))
	if err != nil {
		return err
	}
	_, err = stream.Recv(stream.Context())
	if bizErr, ok := kerrors.FromBizStatusError(err); ok {
		fmt.Println(bizErr.BizStatusCode(), bizErr.BizMessage(), bizErr.BizExtra())
	}
	if errors.Is(err, kerrors.ErrStreamingTimeout) {
		fmt.Println("too late")
	}
	// --8<-- [end:go-cancel]
	return err
}
