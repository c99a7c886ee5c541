// Program bench is Kitex' part of the load benchmark: one process of a measurement, with the arguments and the output of
// io.streamx.benchmarks.Bench. The stack "kitex" is TTHeader Streaming with one multiplexed connection, and for unary calls
// TTHeader with a connection to each; "kitex-grpc" is gRPC with one connection. Messages are Thrift on both.
package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/pkg/connpool"
	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/pkg/remote/trans/ttstream"
	"github.com/cloudwego/kitex/server"
	"github.com/cloudwego/kitex/transport"

	gen "io.streamx/benchmarks/kitex/kitex_gen/bench"
	benchservice "io.streamx/benchmarks/kitex/kitex_gen/bench/bench"
)

const (
	endLength           = 8
	clockBytes          = 32 * 1024
	connectingAndEnding = 2 * time.Second
	endTimeout          = 60 * time.Second
)

func main() {
	klog.SetLevel(klog.LevelFatal)
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "failed:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "server":
		length, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		return serve(length)
	case len(args) == 6 && args[0] == "client":
		numbers := make([]int, 3)
		for i := range numbers {
			number, err := strconv.Atoi(args[3+i])
			if err != nil {
				return err
			}
			numbers[i] = number
		}
		return call(args[1], args[2], numbers[0], numbers[1], numbers[2])
	}
	return errors.New("usage: server STACK BYTES | client STACK WORKLOAD PORT WARMUP_SECONDS SECONDS")
}

// ---- messages: those of the class Payload

func ordinary(length int) []byte {
	bytes := make([]byte, length)
	for i := range bytes {
		bytes[i] = byte(i)
	}
	return bytes
}

func end(count int64) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(count))
}

func number(bytes []byte) int64 {
	return int64(binary.BigEndian.Uint64(bytes))
}

func clockInterval(length int) int64 {
	return max(1, int64(clockBytes/length))
}

func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

// ---- the server

type handler struct {
	length   int
	received atomic.Int64
}

func serve(length int) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	handler := &handler{length: length}
	served := benchservice.NewServer(handler, server.WithListener(listener), server.WithExitWaitTime(time.Millisecond))
	go func() {
		if err := served.Run(); err != nil {
			fmt.Fprintln(os.Stderr, "failed:", err)
			os.Exit(1)
		}
	}()
	fmt.Printf("LISTENING %d\n", listener.Addr().(*net.TCPAddr).Port)
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		fmt.Printf("{\"allocated\":%d,\"received\":%d}\n", allocated(), handler.received.Load())
	}
	return nil
}

func (h *handler) Echo(ctx context.Context, stream gen.Bench_EchoServer) error {
	for {
		message, err := stream.Recv(ctx)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err = stream.Send(ctx, message); err != nil {
			return err
		}
	}
}

func (h *handler) Down(ctx context.Context, request *gen.Msg, stream gen.Bench_DownServer) error {
	until := time.Now().Add(time.Duration(number(request.Payload)))
	message := &gen.Msg{Payload: ordinary(h.length)}
	sent := int64(0)
	for time.Now().Before(until) {
		for i := int64(0); i < clockInterval(h.length); i++ {
			if err := stream.Send(ctx, message); err != nil {
				return err
			}
			sent++
		}
	}
	return stream.Send(ctx, &gen.Msg{Payload: end(sent)})
}

func (h *handler) Up(ctx context.Context, stream gen.Bench_UpServer) error {
	count := int64(0)
	for {
		_, err := stream.Recv(ctx)
		if err == io.EOF {
			return stream.SendAndClose(ctx, &gen.Msg{Payload: end(count)})
		}
		if err != nil {
			return err
		}
		count++
		h.received.Add(1)
	}
}

func (h *handler) Call(ctx context.Context, message *gen.Msg) (*gen.Msg, error) {
	return message, nil
}

// ---- the client

type session struct {
	bench   benchservice.Client
	length  int
	counts  []count
	stopped atomic.Bool
	timing  atomic.Bool
}

// count is a stream's own cache line.
type count struct {
	messages atomic.Int64
	nanos    latencies
	_        [64]byte
}

func connect(stack string, port int, length, streams int) (*session, error) {
	address := fmt.Sprintf("127.0.0.1:%d", port)
	options := []client.Option{client.WithHostPorts(address), client.WithConnectTimeout(20 * time.Second)}
	made := &session{length: length, counts: make([]count, streams)}
	var err error
	if stack == "kitex-grpc" {
		options = append(options, client.WithTransportProtocol(transport.GRPC), client.WithGRPCConnPoolSize(1))
		made.bench, err = benchservice.NewClient("bench", options...)
		return made, err
	}
	// One connection carries all streams, as of the other stacks; unary calls have one each for their time.
	options = append(options,
		client.WithTransportProtocol(transport.TTHeader|transport.TTHeaderStreaming),
		client.WithLongConnection(connpool.IdleConfig{MaxIdlePerAddress: streams, MaxIdleTimeout: time.Minute}),
		client.WithTTHeaderStreamingOptions(client.WithTTHeaderStreamingTransportOptions(ttstream.WithClientMuxConnPool(
			ttstream.MuxConnConfig{PoolSize: 1, MaxIdleTimeout: time.Minute}))))
	made.bench, err = benchservice.NewClient("bench", options...)
	return made, err
}

func (s *session) done(stream int, began time.Time) {
	if s.timing.Load() {
		s.counts[stream].nanos.record(int64(time.Since(began)))
	}
	s.counts[stream].messages.Add(1)
}

func (s *session) total() int64 {
	total := int64(0)
	for i := range s.counts {
		total += s.counts[i].messages.Load()
	}
	return total
}

func call(stack, workload string, port, warmup, seconds int) error {
	kind, streams, length, err := parse(workload)
	if err != nil {
		return err
	}
	s, err := connect(stack, port, length, streams)
	if err != nil {
		return err
	}
	sending := time.Duration(2*warmup+seconds)*time.Second + connectingAndEnding
	ended := make(chan error, 1)
	go func() { ended <- s.play(kind, streams, sending) }()
	if err = keepRunning(ended, warmup); err != nil {
		return err
	}

	fmt.Fprintln(os.Stderr, "WINDOW BEGINS")
	s.timing.Store(true)
	began, startCPU, startBytes, startMessages := time.Now(), cpu(), allocated(), s.total()
	if err = keepRunning(ended, seconds); err != nil {
		return err
	}
	messages, bytes, used := s.total()-startMessages, allocated()-startBytes, cpu()-startCPU
	took := time.Since(began)
	s.timing.Store(false)
	fmt.Fprintln(os.Stderr, "WINDOW ENDS")
	if _, err = bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		return err
	}

	s.stopped.Store(true)
	select {
	case err = <-ended:
		if err != nil {
			return err
		}
	case <-time.After(endTimeout + sending):
		return errors.New("the workload does not end")
	}
	var all latencies
	for i := range s.counts {
		all.add(&s.counts[i].nanos)
	}
	fmt.Printf("{\"messages\":%d,\"seconds\":%.3f,\"cpuSeconds\":%.3f,\"allocated\":%d,\"p50Micros\":%.1f,"+
		"\"p99Micros\":%.1f,\"p999Micros\":%.1f,\"warmedSeconds\":%d,\"executor\":\"Kitex, a goroutine to each stream, %s\"}\n",
		messages, took.Seconds(), used.Seconds(), bytes, all.at(0.5), all.at(0.99), all.at(0.999), warmup, runtime.Version())
	return nil
}

func parse(workload string) (kind string, streams, length int, err error) {
	length = 100
	name, size, sized := strings.Cut(workload, "@")
	if sized {
		if length, err = strconv.Atoi(size); err != nil {
			return
		}
	}
	kind, many, _ := strings.Cut(name, "-")
	streams, err = strconv.Atoi(many)
	return
}

func keepRunning(ended <-chan error, seconds int) error {
	select {
	case err := <-ended:
		return fmt.Errorf("the workload ended before the time was up: %w", err)
	case <-time.After(time.Duration(seconds) * time.Second):
		return nil
	}
}

func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func (s *session) play(kind string, streams int, sending time.Duration) error {
	switch kind {
	case "bidi":
		return s.inParallel(streams, s.pingPong)
	case "unary":
		return s.inParallel(streams, s.calls)
	case "down":
		return s.down(sending)
	case "up":
		return s.up(sending)
	case "pipe":
		return s.pipe()
	}
	return fmt.Errorf("workload %s (expected: bidi-N, unary-N, down-1, up-1 or pipe-1)", kind)
}

func (s *session) inParallel(many int, task func(int) error) error {
	failures := make([]error, many)
	var all sync.WaitGroup
	for i := range many {
		all.Add(1)
		go func() {
			defer all.Done()
			failures[i] = task(i)
		}()
	}
	all.Wait()
	return errors.Join(failures...)
}

func (s *session) check(message *gen.Msg) error {
	if len(message.Payload) != s.length {
		return fmt.Errorf("message of %d bytes (expected: %d)", len(message.Payload), s.length)
	}
	return nil
}

func (s *session) pingPong(number int) error {
	ctx := context.Background()
	stream, err := s.bench.Echo(ctx)
	if err != nil {
		return err
	}
	message := &gen.Msg{Payload: ordinary(s.length)}
	for !s.stopped.Load() {
		began := time.Now()
		if err = stream.Send(ctx, message); err != nil {
			return err
		}
		reply, err := stream.Recv(ctx)
		if err != nil {
			return err
		}
		if err = s.check(reply); err != nil {
			return err
		}
		s.done(number, began)
	}
	return stream.CloseSend(ctx)
}

func (s *session) calls(number int) error {
	message := &gen.Msg{Payload: ordinary(s.length)}
	for !s.stopped.Load() {
		began := time.Now()
		reply, err := s.bench.Call(context.Background(), message)
		if err != nil {
			return err
		}
		if err = s.check(reply); err != nil {
			return err
		}
		s.done(number, began)
	}
	return nil
}

func (s *session) down(sending time.Duration) error {
	ctx := context.Background()
	request := ordinary(s.length)
	binary.BigEndian.PutUint64(request, uint64(sending.Nanoseconds()))
	stream, err := s.bench.Down(ctx, &gen.Msg{Payload: request})
	if err != nil {
		return err
	}
	received, announced := int64(0), int64(-1)
	for {
		message, err := stream.Recv(ctx)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if len(message.Payload) == endLength {
			announced = number(message.Payload)
		} else {
			received++
			s.counts[0].messages.Add(1)
		}
	}
	return checkCount(announced, received)
}

func checkCount(sent, received int64) error {
	if sent != received {
		return fmt.Errorf("received %d messages (expected: %d)", received, sent)
	}
	return nil
}

func (s *session) up(sending time.Duration) error {
	ctx := context.Background()
	stream, err := s.bench.Up(ctx)
	if err != nil {
		return err
	}
	until := time.Now().Add(sending)
	message := &gen.Msg{Payload: ordinary(s.length)}
	sent := int64(0)
	for time.Now().Before(until) {
		for i := int64(0); i < clockInterval(s.length); i++ {
			if err = stream.Send(ctx, message); err != nil {
				return err
			}
			sent++
		}
	}
	reply, err := stream.CloseAndRecv(ctx)
	if err != nil {
		return err
	}
	return checkCount(sent, number(reply.Payload))
}

func (s *session) pipe() error {
	ctx := context.Background()
	stream, err := s.bench.Echo(ctx)
	if err != nil {
		return err
	}
	sent := make(chan int64, 1)
	failed := make(chan error, 1)
	go func() {
		message := &gen.Msg{Payload: ordinary(s.length)}
		count := int64(0)
		for !s.stopped.Load() {
			if err := stream.Send(ctx, message); err != nil {
				failed <- err
				break
			}
			count++
		}
		if err := stream.CloseSend(ctx); err != nil {
			failed <- err
		}
		sent <- count
	}()
	received := int64(0)
	for {
		_, err := stream.Recv(ctx)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		received++
		s.counts[0].messages.Add(1)
	}
	select {
	case err := <-failed:
		return err
	case count := <-sent:
		return checkCount(count, received)
	}
}

// ---- latencies: those of the class Latencies

const (
	stepBits  = 5
	steps     = 1 << stepBits
	exponents = 40
)

type latencies struct {
	counts [exponents * steps]int64
}

func (l *latencies) record(nanos int64) {
	l.counts[index(max(1, nanos))]++
}

func (l *latencies) add(other *latencies) {
	for i, count := range other.counts {
		l.counts[i] += count
	}
}

// at says in how many microseconds that part of all was done.
func (l *latencies) at(part float64) float64 {
	all := int64(0)
	for _, count := range l.counts {
		all += count
	}
	below := int64(0)
	for i, count := range l.counts {
		below += count
		if below > 0 && float64(below) >= part*float64(all) {
			return float64(nanosOf(i)) / 1e3
		}
	}
	return 0
}

func index(nanos int64) int {
	exponent := 63
	for nanos>>exponent == 0 {
		exponent--
	}
	if exponent < stepBits {
		return int(nanos)
	}
	step := int(nanos>>(exponent-stepBits)) - steps
	return min((exponent-stepBits+1)*steps+step, exponents*steps-1)
}

func nanosOf(index int) int64 {
	exponent := index/steps + stepBits - 1
	if exponent < stepBits {
		return int64(index)
	}
	return int64(steps+index%steps) << (exponent - stepBits)
}
