package io.streamx.flow;

import io.streamx.BidiStreamingClient;
import io.streamx.CallContext;
import io.streamx.StreamEndedException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The published requests of a bidirectional call, sent on a thread of their own while replies are received. */
final class Requests<Req> {
    private final BidiStreamingClient<Req, ?> stream;
    private final Flow.Publisher<? extends Req> source;
    private final Thread thread;
    private volatile @Nullable Throwable failure;
    private volatile boolean stopped;

    Requests(BidiStreamingClient<Req, ?> stream, Flow.Publisher<? extends Req> source) {
        this.stream = stream;
        this.source = source;
        thread = Thread.ofVirtual()
                .name("streamx-flow-requests")
                .unstarted(CallContext.current().wrap(this::send));
    }

    void start() {
        thread.start();
    }

    private void send() {
        try {
            FlowStreams.send(source, stream);
            stream.closeSend();
        } catch (StreamEndedException early) {
            // The source is cancelled, and the replies end as the server ended them.
        } catch (Throwable t) {
            // Where the call has ended, its outcome is with the replies.
            if (!stopped) {
                failure = t;
                stream.cancel("the publisher of its requests failed: " + t);
            }
        }
    }

    /** What the publisher of the requests failed with; null when it did not fail. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** The call is over: whoever still publishes is cancelled. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }
}
