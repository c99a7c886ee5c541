package main

import (
	"strings"
	"time"

	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/codes"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/metadata"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/status"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// What only gRPC has.

// statusWith makes a status, with a detail of type google.protobuf.StringValue when there is a text for it.
func statusWith(code int, message, detail string) (*status.Status, error) {
	plain := status.New(codes.Code(code), message)
	if detail == "" {
		return plain, nil
	}
	return plain.WithDetails(wrapperspb.String(detail))
}

// bizUnderStatus is a business error with the gRPC status it travels under: gbiz:CODE:TEXT:STATUS[:DETAIL].
func bizUnderStatus(step step) error {
	code, err := step.number(0)
	if err != nil {
		return err
	}
	under, err := step.number(2)
	if err != nil {
		return err
	}
	carried, err := statusWith(under, step.arg(1), step.arg(3))
	if err != nil {
		return err
	}
	outcome := kerrors.NewGRPCBizStatusError(int32(code), step.arg(1))
	outcome.(kerrors.GRPCStatusIface).SetGRPCStatus(carried)
	return outcome
}

// stop stops the server gracefully while the handler goes on.
func (s *session) stop(step) error {
	s.peer.stop()
	return nil
}

// sendMetadata sends the entries of the call that have these names, all values of each.
func (s *session) sendMetadata(step step) error {
	md, _ := metadata.FromIncomingContext(s.ctx)
	found := map[string]string{}
	for _, name := range step.args {
		if values := md.Get(name); len(values) > 0 {
			found[name] = strings.Join(values, "|")
		}
	}
	return s.send("metadata " + describeEntries(found))
}

// setHeaderTwice gives a header entry two values.
func (s *session) setHeaderTwice(step step) error {
	return nphttp2.SetHeader(s.ctx, metadata.Pairs(step.arg(0), "1", step.arg(0), "2"))
}

// sendDeadline tells whether the call ends by itself within so many milliseconds.
func (s *session) sendDeadline(step step) error {
	limit, err := step.number(0)
	if err != nil {
		return err
	}
	deadline, found := s.ctx.Deadline()
	if !found {
		return s.send("no deadline")
	}
	if left := time.Until(deadline); left > 0 && left <= millis(limit) {
		return s.send("deadline within " + step.arg(0) + " ms")
	} else {
		return s.send("deadline in " + left.String())
	}
}
