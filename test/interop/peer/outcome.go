package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/codes"
	"github.com/cloudwego/kitex/pkg/remote/trans/nphttp2/status"
	"github.com/cloudwego/kitex/pkg/remote/trans/ttstream"

	"io.streamx/interop/peer/kitex_gen/scenario"
)

// describe writes an outcome in the words both languages use; test/interop/README.md lists them.
func describe(err error) string {
	if err == nil {
		return "ok"
	}
	if errors.Is(err, io.EOF) {
		return "end"
	}
	var biz kerrors.BizStatusErrorIface
	if errors.As(err, &biz) {
		return fmt.Sprintf("biz %d %s %s", biz.BizStatusCode(), biz.BizMessage(), describeEntries(biz.BizExtra())) +
			describeStatusOfBiz(err)
	}
	var declared *scenario.Declared
	if errors.As(err, &declared) {
		return fmt.Sprintf("declared Declared reason=%s code=%d", declared.Reason, declared.Code)
	}
	var other *scenario.Other
	if errors.As(err, &other) {
		return fmt.Sprintf("declared Other detail=%s", other.Detail)
	}
	var stream *ttstream.Exception
	if errors.As(err, &stream) {
		return fmt.Sprintf("stream %d %s %s", stream.TypeId(), kind(err), stream.Error())
	}
	if errors.Is(err, kerrors.ErrRPCTimeout) {
		return "timeout " + err.Error()
	}
	if status, ok := statusOf(err); ok {
		return fmt.Sprintf("status %d %s", status.Code(), status.Message()) + describeDetails(status)
	}
	if application, ok := applicationException(err); ok {
		return fmt.Sprintf("application %d %s", application.TypeID(), application.Error())
	}
	if errors.Is(err, context.Canceled) {
		return "canceled " + err.Error()
	}
	return "rpc " + err.Error()
}

// statusOf finds the gRPC status of an error.
func statusOf(err error) (*status.Status, bool) {
	var carrier interface{ GRPCStatus() *status.Status }
	if !errors.As(err, &carrier) {
		return nil, false
	}
	return carrier.GRPCStatus(), true
}

// describeStatusOfBiz tells of the status that a business error came with, where it is another than the usual one.
func describeStatusOfBiz(err error) string {
	status, ok := statusOf(err)
	if !ok || status.Code() == codes.Internal && len(status.Proto().GetDetails()) == 0 {
		return ""
	}
	return fmt.Sprintf(" status %d", status.Code()) + describeDetails(status)
}

// describeDetails shows type and bytes of each detail, so that no peer has to know its message.
func describeDetails(status *status.Status) string {
	var b strings.Builder
	for _, detail := range status.Proto().GetDetails() {
		fmt.Fprintf(&b, " detail %s %x", detail.GetTypeUrl(), detail.GetValue())
	}
	return b.String()
}

// kind is the class of a stream error.
func kind(err error) string {
	switch {
	case errors.Is(err, kerrors.ErrStreamingTimeout):
		return "timeout"
	case errors.Is(err, kerrors.ErrStreamingCanceled):
		return "canceled"
	case errors.Is(err, kerrors.ErrStreamingProtocol):
		return "protocol"
	default:
		return "application"
	}
}

type typed interface {
	error
	TypeID() int32
}

type typedThrift interface {
	error
	TypeId() int32
}

type thriftException struct{ typedThrift }

func (e thriftException) TypeID() int32 { return e.TypeId() }

// applicationException finds the Thrift application exception a peer answered with; Kitex has two spellings of its id.
func applicationException(err error) (typed, bool) {
	var upper typed
	if errors.As(err, &upper) {
		return upper, true
	}
	var lower typedThrift
	if errors.As(err, &lower) {
		return thriftException{lower}, true
	}
	return nil, false
}

// describeEntries writes a map sorted by key, so that it compares.
func describeEntries(entries map[string]string) string {
	keys := make([]string, 0, len(entries))
	for key := range entries {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	pairs := make([]string, 0, len(entries))
	for _, key := range keys {
		pairs = append(pairs, key+"="+entries[key])
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}
