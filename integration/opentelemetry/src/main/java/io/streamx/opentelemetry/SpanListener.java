package io.streamx.opentelemetry;

import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import org.jspecify.annotations.Nullable;

/** Writes what happens on a call to its span, and ends the span. */
final class SpanListener implements CallListener {
    private final Tracing tracing;

    SpanListener(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    public void onStart(CallInfo call) {
        CallSpan span = call.attribute(Tracing.SPAN);
        if (span != null) {
            span.started();
        }
    }

    @Override
    public void onReceive(CallInfo call, long bytes, @Nullable Throwable failure) {
        message(call, "rpc.message.received", bytes, failure);
    }

    @Override
    public void onSend(CallInfo call, long bytes, @Nullable Throwable failure) {
        message(call, "rpc.message.sent", bytes, failure);
    }

    private void message(CallInfo call, String event, long bytes, @Nullable Throwable failure) {
        if (tracing.messageEvents() && failure == null) {
            CallSpan span = call.attribute(Tracing.SPAN);
            if (span != null) {
                span.message(event, bytes);
            }
        }
    }

    @Override
    public void onFinish(CallInfo call, Summary summary) {
        CallSpan span = call.attribute(Tracing.SPAN);
        if (span != null) {
            span.finished(summary);
            if (!(call instanceof CallContext)) {
                span.at(call);
            }
        }
    }

    @Override
    public void onDone(CallInfo call) {
        CallSpan span = call.attribute(Tracing.SPAN);
        if (span != null) {
            span.done();
        }
    }
}
