package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/cloudwego/kitex/pkg/streaming"
)

// session is one call being served: where its messages come from and go to, and what happened so far.
type session struct {
	ctx      context.Context
	peer     *servingPeer
	stream   streaming.ServerStream // nil in a unary call
	receive  func() (string, error)
	send     func(string) error
	received digest
	watch    string                 // report key for the outcome of the last Recv; empty when nobody asked
	ended    bool                   // a script has ended the handler
	opened   streaming.ClientStream // downstream, left open by chainopen
}

// errEnd is how a script says that the handler returns at once, successfully.
var errEnd = errors.New("the script ends the handler")

// serveMessages obeys scripts and hands every other message to plain, until the client ends its messages.
func (s *session) serveMessages(plain func(string) error) error {
	for {
		text, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if isScript(text) {
			err = s.run(text)
		} else {
			err = plain(text)
		}
		if errors.Is(err, errEnd) {
			s.ended = true
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// next receives one message; scripts are not counted.
func (s *session) next() (string, error) {
	text, err := s.receive()
	if err != nil {
		if s.watch != "" {
			s.peer.reports.store(s.watch, describe(err))
		}
		return "", err
	}
	if !isScript(text) {
		s.received.add(text)
	}
	return text, nil
}

// run obeys a script step by step; the first error is the handler's outcome.
func (s *session) run(text string) error {
	steps, err := parseScript(text)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if err := s.obey(step); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) obey(step step) error {
	if known, err := outcomeOf(step); known {
		return err
	}
	command, found := commands[step.name]
	if !found {
		return fmt.Errorf("step %q (expected: one of the commands of test/interop/README.md)", step.name)
	}
	if s.stream == nil && streamsOnly[step.name] {
		return fmt.Errorf("step %q (expected: a command that makes sense in a unary call)", step.name)
	}
	return command(s, step)
}

// attempt reports how a call went under the key, and lets the script go on.
func (s *session) attempt(key string, err error) error {
	s.peer.reports.store(key, describe(err))
	return nil
}
