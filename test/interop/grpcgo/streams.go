package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	testgrpc "google.golang.org/grpc/interop/grpc_testing"
)

// round is one line of the input of streams: a server, and what to ask it for.
type round struct {
	Address  string `json:"address"`
	Streams  int    `json:"streams"`
	Messages int    `json:"messages"`
	Bytes    int32  `json:"bytes"`
}

// result says how many streams ended well with all their messages, and how the others ended.
type result struct {
	Whole    int      `json:"whole"`
	Failures []string `json:"failures"`
}

// streams opens, for each line of its input, server streams on one connection. It says {"begun": n} when each of them has
// its first message, and then how they ended.
func streams(args []string) error {
	flags := flag.NewFlagSet("streams", flag.ExitOnError)
	roots := flags.String("roots", "", "PEM file of the certificates to trust; without it there is no TLS")
	if err := flags.Parse(args); err != nil {
		return err
	}
	transport := insecure.NewCredentials()
	if *roots != "" {
		var err error
		if transport, err = credentials.NewClientTLSFromFile(*roots, "localhost"); err != nil {
			return err
		}
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var asked round
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			return err
		}
		if err := play(asked, transport); err != nil {
			return err
		}
	}
	return lines.Err()
}

func play(asked round, transport credentials.TransportCredentials) error {
	connection, err := grpc.NewClient(asked.Address, grpc.WithTransportCredentials(transport))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request := &testgrpc.StreamingOutputCallRequest{}
	for i := 0; i < asked.Messages; i++ {
		request.ResponseParameters = append(request.ResponseParameters, &testgrpc.ResponseParameters{Size: asked.Bytes})
	}
	var begun, ended sync.WaitGroup
	begun.Add(asked.Streams)
	ended.Add(asked.Streams)
	var lock sync.Mutex
	outcome := result{Failures: []string{}}
	for i := 0; i < asked.Streams; i++ {
		go func() {
			defer ended.Done()
			failure := receive(ctx, testgrpc.NewTestServiceClient(connection), request, begun.Done)
			lock.Lock()
			defer lock.Unlock()
			if failure == nil {
				outcome.Whole++
			} else {
				outcome.Failures = append(outcome.Failures, failure.Error())
			}
		}()
	}
	begun.Wait()
	if err := say(map[string]int{"begun": asked.Streams}); err != nil {
		return err
	}
	ended.Wait()
	return say(outcome)
}

// receive calls begun once: after the first message, or when there will be none.
func receive(
	ctx context.Context,
	client testgrpc.TestServiceClient,
	request *testgrpc.StreamingOutputCallRequest,
	begun func(),
) error {
	once := sync.OnceFunc(begun)
	defer once()
	stream, err := client.StreamingOutputCall(ctx, request)
	if err != nil {
		return err
	}
	received := 0
	for {
		_, err := stream.Recv()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("after %d messages: %w", received, err)
		}
		received++
		once()
	}
	if received != len(request.ResponseParameters) {
		return fmt.Errorf("ended well after %d of %d messages", received, len(request.ResponseParameters))
	}
	return nil
}

func say(what any) error {
	line, err := json.Marshal(what)
	if err != nil {
		return err
	}
	_, err = fmt.Println(string(line))
	return err
}
