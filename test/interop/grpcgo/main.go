// Command peer is grpc-go's own interop server and client: the standard service and the standard cases, as that project
// wrote them. test/interop/README.md describes the commands.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"sort"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/encoding/gzip" // registers itself
	"google.golang.org/grpc/interop"
	testgrpc "google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/reflection"
)

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	var err error
	switch os.Args[1] {
	case "serve":
		err = serve(os.Args[2:])
	case "call":
		err = call(os.Args[2:])
	case "streams":
		err = streams(os.Args[2:])
	default:
		usage()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func usage() {
	fmt.Fprintf(os.Stderr, "usage: peer serve|call|streams [flags]; got %q\n", os.Args[1:])
	os.Exit(2)
}

// serve serves the standard service on a free port, until the end of its standard input.
func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	token := flags.String("token", "", "the bearer token that every caller is to have; without it everybody may call")
	if err := flags.Parse(args); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := grpc.NewServer(onlyWith(*token)...)
	testgrpc.RegisterTestServiceServer(server, interop.NewTestServer())
	reflection.Register(server)
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

// standard are the cases that need no credentials. Each ends the process with status 1 when it fails.
var standard = map[string]func(context.Context, *grpc.ClientConn, ...grpc.CallOption){
	"empty_unary":                 onService(interop.DoEmptyUnaryCall),
	"large_unary":                 onService(interop.DoLargeUnaryCall),
	"client_streaming":            onService(interop.DoClientStreaming),
	"server_streaming":            onService(interop.DoServerStreaming),
	"ping_pong":                   onService(interop.DoPingPong),
	"empty_stream":                onService(interop.DoEmptyStream),
	"timeout_on_sleeping_server":  onService(interop.DoTimeoutOnSleepingServer),
	"cancel_after_begin":          onService(interop.DoCancelAfterBegin),
	"cancel_after_first_response": onService(interop.DoCancelAfterFirstResponse),
	"status_code_and_message":     onService(interop.DoStatusCodeAndMessage),
	"special_status_message":      onService(interop.DoSpecialStatusMessage),
	"custom_metadata":             onService(interop.DoCustomMetadata),
	"unimplemented_method": func(ctx context.Context, connection *grpc.ClientConn, _ ...grpc.CallOption) {
		interop.DoUnimplementedMethod(ctx, connection)
	},
	"unimplemented_service": func(ctx context.Context, connection *grpc.ClientConn, _ ...grpc.CallOption) {
		interop.DoUnimplementedService(ctx, testgrpc.NewUnimplementedServiceClient(connection))
	},
}

func onService(
	play func(context.Context, testgrpc.TestServiceClient, ...grpc.CallOption),
) func(context.Context, *grpc.ClientConn, ...grpc.CallOption) {
	return func(ctx context.Context, connection *grpc.ClientConn, options ...grpc.CallOption) {
		play(ctx, testgrpc.NewTestServiceClient(connection), options...)
	}
}

// patience is the longest a case may take.
const patience = 30 * time.Second

// call plays one case.
func call(args []string) error {
	flags := flag.NewFlagSet("call", flag.ExitOnError)
	name := flags.String("case", "", "the case to play")
	address := flags.String("address", "", "host:port of the server")
	token := flags.String("token", "", "the bearer token that each call is given")
	compressor := flags.String("compressor", "", "compresses each message of the client: gzip")
	if err := flags.Parse(args); err != nil {
		return err
	}
	play, found := standard[*name]
	if !found {
		return fmt.Errorf("case: %q (expected: one of %s)", *name, names())
	}
	dialing := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	if *token != "" {
		dialing = append(dialing, grpc.WithPerRPCCredentials(bearer(*token)))
	}
	connection, err := grpc.NewClient(*address, dialing...)
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var options []grpc.CallOption
	if *compressor != "" {
		options = append(options, grpc.UseCompressor(*compressor))
	}
	play(ctx, connection, options...)
	return nil
}

func names() string {
	var all []string
	for name := range standard {
		all = append(all, name)
	}
	sort.Strings(all)
	return strings.Join(all, ", ")
}
