package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/pkg/endpoint/sep"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/streaming"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/server"

	"io.streamx/interop/peer/kitex_gen/echo/testservice"
	"io.streamx/interop/peer/kitex_gen/messages/messageservice"
	"io.streamx/interop/peer/kitex_gen/newer/upgradedservice"
	"io.streamx/interop/peer/kitex_gen/older/keptservice"
	"io.streamx/interop/peer/kitex_gen/scenario/scenarioservice"
	"io.streamx/interop/peer/kitex_gen/shapes/shapeservice"
)

// servingPeer is what all handlers of one server share.
type servingPeer struct {
	name    string
	reports *reports
	clients sync.Map // transport and address, or "unary " and address, to its client
	stop    func()   // stops the server gracefully, and says so; returns at once
}

// downstream is the client for streams a handler opens, on TTHeader or, where the transport is "grpc", over gRPC; one
// per address, for ever.
func (p *servingPeer) downstream(address, transport string) scenarioservice.Client {
	if transport == "grpc" {
		return p.client("grpc "+address, address, overGRPC...)
	}
	return p.client(address, address)
}

// downstreamUnary is the client for unary calls of a handler, on the carrier that takes metainfo along.
func (p *servingPeer) downstreamUnary(address string) scenarioservice.Client {
	return p.client("unary "+address, address, carrierOptions["ttheader-framed"]...)
}

func (p *servingPeer) client(key, address string, options ...client.Option) scenarioservice.Client {
	if known, found := p.clients.Load(key); found {
		return known.(scenarioservice.Client)
	}
	options = append([]client.Option{
		client.WithHostPorts(address),
		client.WithClientBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: p.name}),
		client.WithConnectTimeout(10*time.Second),
	}, options...)
	created, _ := p.clients.LoadOrStore(key, scenarioservice.MustNewClient("interop.downstream", options...))
	return created.(scenarioservice.Client)
}

// refuse is a stream middleware: the outcome that the persistent value REFUSE names, before the handler runs.
func refuse(next sep.StreamEndpoint) sep.StreamEndpoint {
	return func(ctx context.Context, stream streaming.ServerStream) error {
		if text, found := metainfo.GetPersistentValue(ctx, "REFUSE"); found && isScript(text) {
			steps, err := parseScript(text)
			if err != nil {
				return err
			}
			_, err = outcomeOf(steps[0])
			return err
		}
		return next(ctx, stream)
	}
}

// forbid is an ACL rule: it rejects what carries the persistent value FORBID.
func forbid(ctx context.Context, _ interface{}) error {
	if reason, found := metainfo.GetPersistentValue(ctx, "FORBID"); found {
		return errors.New(reason)
	}
	return nil
}

func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	host := flags.String("host", "127.0.0.1", "address to listen on")
	port := flags.Int("port", 0, "port to listen on; 0 takes a free one")
	name := flags.String("name", "interop.b", "name this server calls others by; part of cancel paths")
	meta := flags.Bool("meta", true, "install the TTHeader meta handler: business status and service names on unary calls")
	exitWait := flags.Duration("exit-wait", 5*time.Second, "longest graceful stop")
	if err := flags.Parse(args); err != nil {
		return err
	}

	listener, err := net.Listen("tcp", fmt.Sprintf("%s:%d", *host, *port))
	if err != nil {
		return err
	}
	options := []server.Option{
		server.WithListener(listener),
		server.WithServerBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: *name}),
		server.WithExitWaitTime(*exitWait),
		server.WithCompatibleMiddlewareForUnary(),
		server.WithStreamOptions(server.WithStreamMiddleware(refuse)),
		server.WithACLRules(forbid),
		// Only the end of stdin ends this process: a signal meant for the driver must not.
		server.WithExitSignal(func() <-chan error { return make(chan error) }),
	}
	if *meta {
		options = append(options, server.WithMetaHandler(transmeta.ServerTTHeaderHandler),
			server.WithMetaHandler(transmeta.ServerHTTP2Handler))
	}
	peer := &servingPeer{name: *name, reports: newReports()}
	kitex := server.NewServer(options...)
	if err := testservice.RegisterService(kitex, &testService{peer}); err != nil {
		return err
	}
	if err := scenarioservice.RegisterService(kitex, &scenarioService{peer}); err != nil {
		return err
	}
	if err := shapeservice.RegisterService(kitex, &shapeService{}); err != nil {
		return err
	}
	if err := keptservice.RegisterService(kitex, &keptService{}); err != nil {
		return err
	}
	if err := upgradedservice.RegisterService(kitex, &upgradedService{}); err != nil {
		return err
	}

	if err := messageservice.RegisterService(kitex, &messageService{peer}); err != nil {
		return err
	}

	peer.stop = func() { go stopGracefully(kitex) }
	go obeyStdin(peer)
	announcement, err := json.Marshal(map[string]int{"port": listener.Addr().(*net.TCPAddr).Port})
	if err != nil {
		return err
	}
	fmt.Println(string(announcement))
	if err := kitex.Run(); err != nil {
		return err
	}
	select {} // stopped gracefully; the end of stdin ends the process
}

// obeyStdin stops gracefully at a line "stop", and ends the process at the end of its input: when its driver dies,
// this process does not stay.
func obeyStdin(peer *servingPeer) {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if lines.Text() == "stop" {
			peer.stop()
		}
	}
	os.Exit(0)
}

func stopGracefully(kitex server.Server) {
	outcome := "ok"
	if err := kitex.Stop(); err != nil {
		outcome = err.Error()
	}
	line, _ := json.Marshal(map[string]string{"stopped": outcome})
	fmt.Println(string(line))
}
