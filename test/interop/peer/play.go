package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/client/callopt/streamcall"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/metadata"
	"github.com/cloudwego/kitex/pkg/streaming"
)

// player plays the client's side of one case and writes down what it sees.
type player struct {
	clients *clients
	others  func(address string) (*clients, error) // clients for the further hops of a cascade
	options options
	values  placeholders

	ctx        context.Context
	cancel     context.CancelFunc
	stream     *openStream // nil until a step opens one, and when opening failed
	transcript []string
}

// newPlayer builds the context that carries the case's deadline and metainfo.
func newPlayer(clients *clients, others func(string) (*clients, error), options options, values placeholders) *player {
	p := &player{clients: clients, others: others, options: options, values: values}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	for key, value := range options.Persistent {
		p.ctx = metainfo.WithPersistentValue(p.ctx, key, values.in(value))
	}
	for key, value := range options.Transient {
		p.ctx = metainfo.WithValue(p.ctx, key, values.in(value))
	}
	for key, value := range options.Metadata {
		p.ctx = metadata.AppendToOutgoingContext(p.ctx, key, values.in(value))
	}
	if options.Backward {
		p.ctx = metainfo.WithBackwardValues(p.ctx)
	}
	return p
}

func (p *player) note(format string, arguments ...any) {
	p.transcript = append(p.transcript, fmt.Sprintf(format, arguments...))
}

// play does one step after another. A stream left open at the end is cancelled.
func (p *player) play(steps []string) error {
	defer p.cancel()
	for _, text := range steps {
		if err := p.step(p.values.in(text)); err != nil {
			return fmt.Errorf("step %q: %w", text, err)
		}
	}
	return nil
}

func (p *player) step(text string) error {
	name, rest, _ := strings.Cut(text, ":")
	switch name {
	case "open":
		return p.open(rest)
	case "call":
		method, request, _ := strings.Cut(rest, ":")
		p.note("%s", p.call(method, request))
		return nil
	case "calls":
		return p.calls(rest)
	case "parallel":
		return p.parallel(rest)
	case "report":
		p.report(p.clients, rest)
		return nil
	case "report@b", "report@c":
		other, err := p.others(p.values["{"+strings.TrimPrefix(name, "report@")+"}"])
		if err != nil {
			return err
		}
		p.report(other, rest)
		return nil
	case "cancel":
		p.cancel()
		return nil
	case "die":
		os.Exit(3)
	case "sum", "words", "rich", "empty", "richbidi", "emptybidi":
		return p.shapes(name)
	case "check":
		return p.check(rest)
	case "checkbidi":
		return p.checkAll(strings.Split(rest, ":"))
	case "newer", "newer-refused", "newerbidi", "older", "older-refused", "olderbidi":
		return p.evolution(name)
	}
	if p.stream == nil {
		return fmt.Errorf("%q (expected: a known step, or a stream opened before)", name)
	}
	return p.stream.step(p, name, rest)
}

// open creates the stream; the deadline of the case begins here.
func (p *player) open(rest string) error {
	method, request, _ := strings.Cut(rest, ":")
	ctx := p.ctx
	if p.options.TimeoutMs != 0 {
		var release context.CancelFunc
		ctx, release = context.WithTimeout(ctx, millis(p.options.TimeoutMs))
		stop := p.cancel
		p.cancel = func() { stop(); release() }
	}
	stream, err := openMethod(ctx, p.clients, method, request, p.callOptions()...)
	if err != nil {
		p.note("open %s", describe(err))
		return nil
	}
	p.stream = stream
	return nil
}

func (p *player) callOptions() []streamcall.Option {
	var options []streamcall.Option
	if p.options.RecvTimeoutMs != 0 {
		options = append(options, streamcall.WithRecvTimeoutConfig(streaming.TimeoutConfig{
			Timeout:             millis(p.options.RecvTimeoutMs),
			DisableCancelRemote: p.options.KeepRemote,
		}))
	}
	if p.options.Compressor != "" {
		options = append(options, streamcall.WithGRPCCompressor(p.options.Compressor))
	}
	return options
}

// report asks the server for an outcome its handler stored. The call has nothing to do with the case's context.
func (p *player) report(clients *clients, rest string) {
	key, wait, _ := strings.Cut(rest, ":")
	patience := 10_000
	if wait != "" {
		patience, _ = strconv.Atoi(wait)
	}
	outcome, err := clients.scenario.Report(context.Background(), key, int32(patience))
	if err != nil {
		p.note("report %s", describe(err))
		return
	}
	p.note("report %s", outcome)
}

func millis(n int) time.Duration {
	return time.Duration(n) * time.Millisecond
}

// numbers reads "1:2:3".
func numbers(text string, count int) ([]int, error) {
	fields := strings.Split(text, ":")
	if len(fields) != count {
		return nil, fmt.Errorf("arguments: %q (expected: %d numbers)", text, count)
	}
	values := make([]int, count)
	for i, field := range fields {
		value, err := strconv.Atoi(field)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %q (expected: a number)", i+1, field)
		}
		values[i] = value
	}
	return values, nil
}
