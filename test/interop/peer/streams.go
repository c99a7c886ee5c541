package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/cloudwego/kitex/client"

	"io.streamx/interop/peer/kitex_gen/echo"
	"io.streamx/interop/peer/kitex_gen/echo/testservice"
)

// streamsPatience is the longest that one line of the input of streams may take.
const streamsPatience = 30 * time.Second

// round is one line of the input of streams: a server, and how many streams to open and messages to expect.
type round struct {
	Address  string `json:"address"`
	Streams  int    `json:"streams"`
	Messages int    `json:"messages"`
}

// result says how many streams ended well with all their messages, and how the others ended.
type result struct {
	Whole    int      `json:"whole"`
	Failures []string `json:"failures"`
}

// streams opens, for each line of its input, server streams over gRPC on one connection. It says {"begun": n} when each of
// them has its first message, and then how they ended.
func streams(args []string) error {
	flags := flag.NewFlagSet("streams", flag.ExitOnError)
	roots := flags.String("roots", "", "PEM file of the certificates to trust; without it there is no TLS")
	if err := flags.Parse(args); err != nil {
		return err
	}
	options := append([]client.Option{client.WithGRPCConnPoolSize(1)}, overGRPC...)
	if *roots != "" {
		pem, err := os.ReadFile(*roots)
		if err != nil {
			return err
		}
		trusted := x509.NewCertPool()
		if !trusted.AppendCertsFromPEM(pem) {
			return fmt.Errorf("roots: %q holds no certificate", *roots)
		}
		options = append(options, client.WithGRPCTLSConfig(
			&tls.Config{RootCAs: trusted, ServerName: "localhost", NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12}))
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var asked round
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			return err
		}
		if err := playRound(asked, options); err != nil {
			return err
		}
	}
	return lines.Err()
}

func playRound(asked round, options []client.Option) error {
	created, err := testservice.NewClient("interop.server", append(endpointOptions(asked.Address, "interop.a"), options...)...)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), streamsPatience)
	defer cancel()
	var begun, ended sync.WaitGroup
	begun.Add(asked.Streams)
	ended.Add(asked.Streams)
	var lock sync.Mutex
	outcome := result{Failures: []string{}}
	for i := 0; i < asked.Streams; i++ {
		go func() {
			defer ended.Done()
			failure := receiveAll(ctx, created, asked.Messages, begun.Done)
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

// receiveAll calls begun once: after the first message, or when there will be none.
func receiveAll(ctx context.Context, created testservice.Client, messages int, begun func()) error {
	once := sync.OnceFunc(begun)
	defer once()
	stream, err := created.EchoServer(ctx, &echo.Request{Message: "all"})
	if err != nil {
		return err
	}
	received := 0
	for {
		_, err := stream.Recv(ctx)
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("after %d messages: %w", received, err)
		}
		received++
		once()
	}
	if received != messages {
		return fmt.Errorf("ended well after %d of %d messages", received, messages)
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
