package main

import (
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/client/callopt"

	"io.streamx/interop/peer/kitex_gen/absent"
	"io.streamx/interop/peer/kitex_gen/echo"
	"io.streamx/interop/peer/kitex_gen/scenario"
)

// call makes one unary call and describes its outcome; with backward metainfo the entries that came back.
func (p *player) call(method, request string) string {
	reply, err := p.invoke(method, request)
	seen := "message " + reply
	if err != nil {
		seen = describe(err)
	}
	if p.options.Backward {
		entries := metainfo.RecvAllBackwardValues(p.ctx)
		seen += " backward " + describeEntries(entries)
	}
	return seen
}

func (p *player) invoke(method, request string) (string, error) {
	var options []callopt.Option
	if p.options.TimeoutMs != 0 {
		options = append(options, callopt.WithRPCTimeout(millis(p.options.TimeoutMs)))
	}
	if p.options.Compressor != "" {
		options = append(options, callopt.WithGRPCCompressor(p.options.Compressor))
	}
	if p.clients.protobuf {
		return p.invokeProtobuf(method, request, options)
	}
	req := &scenario.Req{Message: request}
	switch method {
	case "PingPong":
		return text(p.clients.test.PingPong(p.ctx, &echo.Request{Message: request}, options...))
	case "Unary":
		return text(p.clients.scenario.Unary(p.ctx, req, options...))
	case "Throwing":
		return text(p.clients.scenario.Throwing(p.ctx, req, options...))
	case "Nothing":
		return "nothing", p.clients.scenario.Nothing(p.ctx, req, options...)
	case "Fire":
		return "fired", p.clients.scenario.Fire(p.ctx, req, options...)
	case "absent.known":
		return text(p.clients.known.Absent(p.ctx, &absent.Message{Message: request}, options...))
	case "absent.unknown":
		return text(p.clients.unknown.Absent(p.ctx, &absent.Message{Message: request}, options...))
	case "absent.unreadable":
		return text(p.clients.unreadable.PingPong(p.ctx, &absent.Unreadable{Message: request}, options...))
	case "wrong.payload":
		return text(p.clients.protobufAsThrift.Ask(p.ctx, &absent.Message{Message: request}, options...))
	default:
		return "", fmt.Errorf("unary method: %q (expected: one of the IDL)", method)
	}
}

// text takes the one field all replies have; a call without a result shows as such.
func text[R interface {
	GetMessage() string
	comparable
}](reply R, err error) (string, error) {
	var none R
	if err == nil && reply == none {
		return "none", nil
	}
	if err != nil {
		return "", err
	}
	return reply.GetMessage(), nil
}

// calls makes COUNT calls one after another with patterns of SIZE bytes.
func (p *player) calls(rest string) error {
	method, sizes, _ := strings.Cut(rest, ":")
	values, err := numbers(sizes, 2)
	if err != nil {
		return err
	}
	for i := 0; i < values[0]; i++ {
		reply, err := p.invoke(method, pattern(i, values[1]))
		if err != nil {
			p.note("call %d %s", i, describe(err))
			return nil
		}
		if reply != pattern(i, values[1]) {
			p.note("call %d: %d bytes, not as sent (expected: %d bytes)", i, len(reply), values[1])
			return nil
		}
	}
	p.note("%d replies as sent", values[0])
	return nil
}

// parallel holds STREAMS streams open at once, asks each for the connection it runs on, and then exchanges MESSAGES
// messages of SIZE bytes on every one.
func (p *player) parallel(rest string) error {
	values, err := numbers(rest, 3)
	if err != nil {
		return err
	}
	streams, messages, size := values[0], values[1], values[2]
	outcomes := make([]string, streams)
	connections := make([]string, streams)
	var allOpen, done sync.WaitGroup
	allOpen.Add(streams)
	done.Add(streams)
	for i := range outcomes {
		go func() {
			defer done.Done()
			outcomes[i] = p.oneOfMany(i, messages, size, &connections[i], &allOpen)
		}()
	}
	done.Wait()
	p.note("%d streams open at once, %d connections", streams, len(count(connections)))
	for outcome, times := range count(outcomes) {
		p.note("%d times: %s", times, outcome)
	}
	sort.Strings(p.transcript[len(p.transcript)-len(count(outcomes)):])
	return nil
}

func (p *player) oneOfMany(index, messages, size int, connection *string, allOpen *sync.WaitGroup) string {
	stream, err := openMethod(p.ctx, p.clients, "Bidi", "")
	if err == nil {
		err = stream.send("!peer")
	}
	if err == nil {
		*connection, err = stream.recv()
	}
	allOpen.Done()
	if err != nil {
		return describe(err)
	}
	allOpen.Wait()
	for i := 0; i < messages; i++ {
		// Every stream sends texts of its own, so that one that gets another's messages shows.
		sent := pattern(index*messages+i, size)
		if err := stream.send(sent); err != nil {
			return describe(err)
		}
		got, err := stream.recv()
		if err != nil {
			return describe(err)
		}
		if got != sent {
			return "a message not as sent"
		}
	}
	if err := stream.CloseSend(p.ctx); err != nil {
		return describe(err)
	}
	_, err = stream.recv()
	return fmt.Sprintf("%d messages as sent, then %s", messages, describe(err))
}

func count(texts []string) map[string]int {
	counts := map[string]int{}
	for _, text := range texts {
		counts[text]++
	}
	return counts
}
