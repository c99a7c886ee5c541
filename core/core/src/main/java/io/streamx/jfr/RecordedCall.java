package io.streamx.jfr;

import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.StreamingMode;
import java.util.ArrayList;
import java.util.List;

/** Writes one call into the recording that runs. */
public final class RecordedCall implements CallListener {
    // These are asked whether their kind is recorded. They are never written.
    private static final CallEvent STREAM = new CallEvent.OfStream();
    private static final CallEvent UNARY = new CallEvent.OfUnaryCall();

    private final CallEvent event;

    private RecordedCall(CallEvent event) {
        this.event = event;
    }

    /** Who is told of a call that begins now: {@code registered}, and the recording where one runs. */
    public static List<CallListener> listeningTo(StreamingMode mode, List<CallListener> registered) {
        boolean unary = mode == StreamingMode.UNARY;
        if (!(unary ? UNARY : STREAM).isEnabled()) {
            return registered;
        }
        List<CallListener> all = new ArrayList<>(registered.size() + 1);
        all.addAll(registered);
        all.add(new RecordedCall(unary ? new CallEvent.OfUnaryCall() : new CallEvent.OfStream()));
        return all;
    }

    @Override
    public void onStart(CallInfo call) {
        event.begin();
    }

    @Override
    public void onFinish(CallInfo call, Summary summary) {
        event.finish(call, summary);
    }
}
