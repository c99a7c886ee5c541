package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/gopkg/protocol/thrift"
	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/rpcinfo"

	"io.streamx/interop/peer/kitex_gen/scenario"
)

// outcomeOf gives the error a step stands for, where the step is nothing but an outcome of the handler.
func outcomeOf(step step) (known bool, outcome error) {
	switch step.name {
	case "end":
		return true, errEnd
	case "err":
		return true, errors.New(step.arg(0))
	case "panic":
		panic(step.arg(0))
	case "appex":
		number, err := step.number(0)
		if err != nil {
			return true, err
		}
		return true, thrift.NewApplicationException(int32(number), step.arg(1))
	case "biz":
		number, err := step.number(0)
		if err != nil {
			return true, err
		}
		extra, err := step.entries(2)
		if err != nil {
			return true, err
		}
		if extra == nil {
			return true, kerrors.NewBizStatusError(int32(number), step.arg(1))
		}
		return true, kerrors.NewBizStatusErrorWithExtra(int32(number), step.arg(1), extra)
	case "status":
		number, err := step.number(0)
		if err != nil {
			return true, err
		}
		outcome, err := statusWith(number, step.arg(1), step.arg(2))
		if err != nil {
			return true, err
		}
		return true, outcome.Err()
	case "gbiz":
		return true, bizUnderStatus(step)
	case "declared":
		number, err := step.number(1)
		if err != nil {
			return true, err
		}
		return true, &scenario.Declared{Reason: step.arg(0), Code: int32(number)}
	case "other":
		return true, &scenario.Other{Detail: step.arg(0)}
	default:
		return false, nil
	}
}

// commands are the steps that do something; test/interop/README.md describes each.
var commands map[string]func(*session, step) error

// streamsOnly names the commands that need a stream.
var streamsOnly = map[string]bool{
	"hdr": true, "sendhdr": true, "twice": true, "trl": true, "tryhdr": true, "trysendhdr": true, "background": true,
}

func init() {
	// Here and not in the declaration, because a command may run a script, which looks up commands.
	commands = map[string]func(*session, step) error{
		"send":       (*session).sendText,
		"n":          (*session).sendPatterns,
		"digest":     (*session).sendDigest,
		"hdr":        (*session).setHeader,
		"sendhdr":    (*session).sendHeader,
		"trl":        (*session).setTrailer,
		"tryhdr":     (*session).trySetHeader,
		"trysendhdr": (*session).trySendHeader,
		"trysend":    (*session).trySend,
		"recv":       (*session).skipMessages,
		"drain":      (*session).drain,
		"watch":      (*session).watchRecv,
		"blockrecv":  (*session).blockInRecv,
		"wait":       (*session).waitForCancel,
		"forever":    (*session).sendForever,
		"background": (*session).useAfterReturn,
		"report":     (*session).report,
		"sleep":      (*session).sleep,
		"metainfo":   (*session).sendMetainfo,
		"back":       (*session).sendBackward,
		"setp":       (*session).setPersistent,
		"sett":       (*session).setTransient,
		"call":       (*session).sendCallInfo,
		"peer":       (*session).sendPeerAddress,
		"exit":       (*session).exit,
		"stop":       (*session).stop,
		"md":         (*session).sendMetadata,
		"twice":      (*session).setHeaderTwice,
		"deadline":   (*session).sendDeadline,
		"chain":      (*session).chain,
		"chainopen":  (*session).chainOpen,
		"chainrecv":  (*session).chainRecv,
		"chainunary": (*session).chainUnary,
	}
}

func (s *session) sendText(step step) error {
	return s.send(step.arg(0))
}

func (s *session) sendPatterns(step step) error {
	count, err := step.number(0)
	if err != nil {
		return err
	}
	size, err := step.number(1)
	if err != nil {
		return err
	}
	for i := 0; i < count; i++ {
		if err := s.send(pattern(i, size)); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) sendDigest(step) error {
	return s.send(s.received.String())
}

func (s *session) setHeader(step step) error {
	entries, err := step.entries(0)
	if err != nil {
		return err
	}
	return s.stream.SetHeader(entries)
}

func (s *session) sendHeader(step step) error {
	entries, err := step.entries(0)
	if err != nil {
		return err
	}
	return s.stream.SendHeader(entries)
}

func (s *session) setTrailer(step step) error {
	entries, err := step.entries(0)
	if err != nil {
		return err
	}
	return s.stream.SetTrailer(entries)
}

func (s *session) trySetHeader(step step) error {
	entries, err := step.entries(1)
	if err != nil {
		return err
	}
	return s.attempt(step.arg(0), s.stream.SetHeader(entries))
}

func (s *session) trySendHeader(step step) error {
	entries, err := step.entries(1)
	if err != nil {
		return err
	}
	return s.attempt(step.arg(0), s.stream.SendHeader(entries))
}

func (s *session) trySend(step step) error {
	return s.attempt(step.arg(0), s.send("tried"))
}

func (s *session) skipMessages(step step) error {
	count, err := step.number(0)
	for i := 0; i < count && err == nil; i++ {
		_, err = s.next()
	}
	return err
}

func (s *session) drain(step) error {
	for {
		if _, err := s.next(); err != nil {
			if describe(err) == "end" {
				return nil
			}
			return err
		}
	}
}

func (s *session) watchRecv(step step) error {
	s.watch = step.arg(0)
	return nil
}

func (s *session) blockInRecv(step step) error {
	for {
		if _, err := s.next(); err != nil {
			return s.attempt(step.arg(0), err)
		}
	}
}

func (s *session) waitForCancel(step step) error {
	<-s.ctx.Done()
	return s.attempt(step.arg(0), s.ctx.Err())
}

func (s *session) sendForever(step step) error {
	size, err := step.number(1)
	if err != nil {
		return err
	}
	for i := 0; err == nil; i++ {
		err = s.send(pattern(i, size))
	}
	return s.attempt(step.arg(0), err)
}

// useAfterReturn tries the stream from another goroutine once the handler has returned.
func (s *session) useAfterReturn(step step) error {
	go func() {
		<-s.ctx.Done()
		_, recvFailure := s.receive()
		s.peer.reports.store(step.arg(0)+".recv", describe(recvFailure))
		// The context ends a moment before Send is refused: try until it is.
		sendFailure := s.send("late")
		for sendFailure == nil {
			sendFailure = s.send("late")
		}
		s.peer.reports.store(step.arg(0)+".send", describe(sendFailure))
	}()
	return nil
}

func (s *session) report(step step) error {
	s.peer.reports.store(step.arg(0), step.arg(1))
	return nil
}

func (s *session) sleep(step step) error {
	millis, err := step.number(0)
	if err != nil {
		return err
	}
	time.Sleep(time.Duration(millis) * time.Millisecond)
	return nil
}

func (s *session) sendMetainfo(step) error {
	persistent := metainfo.GetAllPersistentValues(s.ctx)
	return s.send("persistent " + describeEntries(persistent) + " transient " + describeEntries(metainfo.GetAllValues(s.ctx)))
}

func (s *session) sendBackward(step step) error {
	entries, err := step.entries(0)
	if err != nil {
		return err
	}
	for key, value := range entries {
		if !metainfo.SendBackwardValue(s.ctx, key, value) {
			return errors.New("backward metainfo is not possible in this call")
		}
	}
	return nil
}

func (s *session) setPersistent(step step) error {
	return s.forward(step, metainfo.WithPersistentValue)
}

func (s *session) setTransient(step step) error {
	return s.forward(step, metainfo.WithValue)
}

func (s *session) forward(step step, with func(ctx context.Context, key, value string) context.Context) error {
	entries, err := step.entries(0)
	if err != nil {
		return err
	}
	for key, value := range entries {
		s.ctx = with(s.ctx, key, value)
	}
	return nil
}

func (s *session) sendCallInfo(step) error {
	invocation := rpcinfo.GetRPCInfo(s.ctx).Invocation()
	mode := map[bool]string{true: "stream", false: "unary"}[s.stream != nil]
	return s.send(invocation.ServiceName() + " " + invocation.MethodName() + " " + mode)
}

func (s *session) sendPeerAddress(step) error {
	return s.send(rpcinfo.GetRPCInfo(s.ctx).From().Address().String())
}

// exit ends the whole process, as a crash would.
func (s *session) exit(step) error {
	os.Exit(9)
	return nil
}

func (s *session) chain(step step) error {
	stream, err := s.peer.downstream(step.arg(0), step.arg(2)).Bidi(s.ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(s.ctx, &scenario.Req{Message: step.arg(1)}); err != nil {
		return err
	}
	if err := stream.CloseSend(s.ctx); err != nil {
		return err
	}
	for {
		reply, err := stream.Recv(s.ctx)
		if describe(err) == "end" {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.send(reply.Message); err != nil {
			return err
		}
	}
}

// chainOpen leaves the downstream stream open; its first message goes to the caller, which knows then that all stands.
func (s *session) chainOpen(step step) error {
	stream, err := s.peer.downstream(step.arg(0), step.arg(2)).Bidi(s.ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(s.ctx, &scenario.Req{Message: step.arg(1)}); err != nil {
		return err
	}
	reply, err := stream.Recv(s.ctx)
	if err != nil {
		return err
	}
	s.opened = stream
	return s.send(reply.Message)
}

func (s *session) chainRecv(step step) error {
	return s.attempt(step.arg(0), s.opened.RecvMsg(s.ctx, new(scenario.Res)))
}

func (s *session) chainUnary(step step) error {
	reply, err := s.peer.downstreamUnary(step.arg(0)).Unary(s.ctx, &scenario.Req{Message: step.arg(1)})
	if err != nil {
		return err
	}
	return s.send(reply.GetMessage())
}
