package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/pkg/connpool"
	"github.com/cloudwego/kitex/pkg/remote/trans/ttstream"
	"github.com/cloudwego/kitex/pkg/rpcinfo"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/transport"

	absentunknown "io.streamx/interop/peer/kitex_gen/absent/absentservice"
	protobufasthrift "io.streamx/interop/peer/kitex_gen/absent/messageservice"
	unreadable "io.streamx/interop/peer/kitex_gen/absent/testservice"
	absentknown "io.streamx/interop/peer/kitex_gen/absent/scenarioservice"
	absentmessages "io.streamx/interop/peer/kitex_gen/absentmessages/absentmessageservice"
	unknownmessages "io.streamx/interop/peer/kitex_gen/absentmessages/messageservice"
	thriftasprotobuf "io.streamx/interop/peer/kitex_gen/absentmessages/scenarioservice"
	"io.streamx/interop/peer/kitex_gen/echo/testservice"
	"io.streamx/interop/peer/kitex_gen/messages/messageservice"
	"io.streamx/interop/peer/kitex_gen/newer/keptservice"
	"io.streamx/interop/peer/kitex_gen/older/upgradedservice"
	"io.streamx/interop/peer/kitex_gen/scenario/scenarioservice"
	"io.streamx/interop/peer/kitex_gen/shapes/shapeservice"
)

// clients are the generated clients for one address and one set of options.
type clients struct {
	protobuf bool // whether methods of one text are those of messages.proto

	test     testservice.Client
	scenario scenarioservice.Client
	shapes   shapeservice.Client
	kept     keptservice.Client     // with newer.thrift; the server has older.thrift
	upgraded upgradedservice.Client // with older.thrift; the server has newer.thrift
	known    absentknown.Client
	unknown  absentunknown.Client

	unreadable unreadable.Client // sends messages that the server cannot read

	// Over gRPC, but for unary calls of Kitex Protobuf.
	messages         messageservice.Client
	knownMessages    unknownmessages.Client
	unknownMessages  absentmessages.Client
	protobufAsThrift protobufasthrift.Client
	thriftAsProtobuf thriftasprotobuf.Client
}

// carrierOptions choose what unary calls travel on. The options of Kitex add up; PurePayload alone resets them.
var carrierOptions = map[string][]client.Option{
	"":         {},
	"framed":   {client.WithTransportProtocol(transport.PurePayload), client.WithTransportProtocol(transport.Framed)},
	"buffered": {client.WithTransportProtocol(transport.PurePayload)},
	"ttheader": {
		client.WithTransportProtocol(transport.PurePayload),
		client.WithTransportProtocol(transport.TTHeader),
		client.WithMetaHandler(transmeta.ClientTTHeaderHandler),
	},
	"ttheader-framed": {
		client.WithTransportProtocol(transport.TTHeaderFramed),
		client.WithMetaHandler(transmeta.ClientTTHeaderHandler),
	},
}

// kitexProtobuf are the options of Protobuf clients without gRPC, whose unary calls always go behind a TTHeader.
var kitexProtobuf = []client.Option{
	client.WithTransportProtocol(transport.PurePayload), // takes gRPC back, which a service with streams begins with
	client.WithTransportProtocol(transport.TTHeaderFramed),
	client.WithMetaHandler(transmeta.ClientTTHeaderHandler),
}

// clientPool keeps clients, because Kitex never closes the connections of a streaming client.
type clientPool struct {
	lock sync.Mutex
	kept map[string]*clients
}

func (p *clientPool) clients(address string, wanted options) (*clients, error) {
	name := "interop.a"
	if wanted.ClientName != nil {
		name = *wanted.ClientName
	}
	key := fmt.Sprintf("%s|%s|%d|%s|%s|%s", address, name, wanted.Connections, wanted.Pool, wanted.Carrier, wanted.Transport)
	p.lock.Lock()
	defer p.lock.Unlock()
	if known, found := p.kept[key]; found {
		return known, nil
	}
	options, err := clientOptions(address, name, wanted)
	if err != nil {
		return nil, err
	}
	protobuf := grpcOptions(address, name, wanted)
	switch wanted.Transport {
	case "":
	case "kitex-protobuf":
		protobuf = append(endpointOptions(address, name), kitexProtobuf...)
		if wanted.Pool == "short" {
			protobuf = append(protobuf, client.WithShortConnection())
		}
	default:
		options = protobuf
	}
	created, err := newClients(options, protobuf)
	if err != nil {
		return nil, err
	}
	created.protobuf = wanted.Transport == "protobuf" || wanted.Transport == "kitex-protobuf"
	p.kept[key] = created
	return created, nil
}

func clientOptions(address, name string, wanted options) ([]client.Option, error) {
	carrier, found := carrierOptions[wanted.Carrier]
	if !found {
		return nil, fmt.Errorf("carrier: %q (expected: framed, buffered, ttheader, ttheader-framed)", wanted.Carrier)
	}
	options := append(endpointOptions(address, name), carrier...)
	// PurePayload resets the streaming protocol too.
	options = append(options, client.WithTransportProtocol(transport.TTHeaderStreaming))

	switch wanted.Pool {
	case "", "mux":
		if wanted.Connections > 0 {
			options = append(options, streamPool(ttstream.WithClientMuxConnPool(
				ttstream.MuxConnConfig{PoolSize: wanted.Connections, MaxIdleTimeout: time.Minute})))
		}
	case "long":
		options = append(options, streamPool(ttstream.WithClientLongConnPool(
			ttstream.LongConnConfig{MaxIdleTimeout: time.Minute})),
			client.WithLongConnection(connpool.IdleConfig{MaxIdlePerAddress: 10, MaxIdleTimeout: time.Minute}))
	case "short":
		options = append(options, client.WithShortConnection())
	default:
		return nil, fmt.Errorf("pool: %q (expected: mux, long, short)", wanted.Pool)
	}
	return options, nil
}

func endpointOptions(address, name string) []client.Option {
	options := []client.Option{
		client.WithHostPorts(address),
		client.WithConnectTimeout(10*time.Second),
	}
	if name != "" {
		options = append(options, client.WithClientBasicInfo(&rpcinfo.EndpointBasicInfo{ServiceName: name}))
	}
	return options
}

// overGRPC sends every call over gRPC, the names of caller and method with it.
var overGRPC = []client.Option{
	client.WithTransportProtocol(transport.GRPC),
	client.WithMetaHandler(transmeta.ClientHTTP2Handler),
}

func grpcOptions(address, name string, wanted options) []client.Option {
	options := append(endpointOptions(address, name), overGRPC...)
	if wanted.Connections > 0 {
		options = append(options, client.WithGRPCConnPoolSize(uint32(wanted.Connections)))
	}
	if wanted.Pool == "short" {
		options = append(options, client.WithShortConnection())
	}
	return options
}

func streamPool(option ttstream.ClientHandlerOption) client.Option {
	return client.WithTTHeaderStreamingOptions(client.WithTTHeaderStreamingTransportOptions(option))
}

func newClients(options, protobuf []client.Option) (*clients, error) {
	var created clients
	var err error
	if created.test, err = testservice.NewClient("interop.server", options...); err != nil {
		return nil, err
	}
	if created.scenario, err = scenarioservice.NewClient("interop.server", options...); err != nil {
		return nil, err
	}
	if created.shapes, err = shapeservice.NewClient("interop.server", options...); err != nil {
		return nil, err
	}
	if created.kept, err = keptservice.NewClient("interop.server", options...); err != nil {
		return nil, err
	}
	if created.upgraded, err = upgradedservice.NewClient("interop.server", options...); err != nil {
		return nil, err
	}
	if created.known, err = absentknown.NewClient("interop.server", options...); err != nil {
		return nil, err
	}
	if created.unknown, err = absentunknown.NewClient("interop.server", options...); err != nil {
		return nil, err
	}
	if created.unreadable, err = unreadable.NewClient("interop.server", options...); err != nil {
		return nil, err
	}
	if created.messages, err = messageservice.NewClient("interop.server", protobuf...); err != nil {
		return nil, err
	}
	if created.knownMessages, err = unknownmessages.NewClient("interop.server", protobuf...); err != nil {
		return nil, err
	}
	if created.unknownMessages, err = absentmessages.NewClient("interop.server", protobuf...); err != nil {
		return nil, err
	}
	if created.protobufAsThrift, err = protobufasthrift.NewClient("interop.server", protobuf...); err != nil {
		return nil, err
	}
	if created.thriftAsProtobuf, err = thriftasprotobuf.NewClient("interop.server", protobuf...); err != nil {
		return nil, err
	}
	return &created, nil
}
