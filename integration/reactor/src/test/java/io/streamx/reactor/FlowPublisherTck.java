package io.streamx.reactor;

import io.streamx.CallInfo;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.ServerStreamingClient;
import io.streamx.flow.FlowStreams;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The rules of Reactive Streams for publishers, checked by their own kit. */
public class FlowPublisherTck extends FlowPublisherVerification<Long> {
    /** For the public constructor that the kit's runner needs. */
    public FlowPublisherTck() {
        super(new TestEnvironment(2_000, 200));
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
        return FlowStreams.publisher(() -> new Numbers(elements));
    }

    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
        return FlowStreams.publisher(() -> {
            throw new RpcException("no connection");
        });
    }

    /** A stream of numbers that needs no peer: the kit checks the publisher, not the network. */
    private static final class Numbers implements ServerStreamingClient<Long> {
        private final long count;
        private final AtomicBoolean closed = new AtomicBoolean();
        private long next;

        Numbers(long count) {
            this.count = count;
        }

        @Override
        public @Nullable Long recv() {
            if (closed.get()) {
                throw new RpcException("closed here");
            }
            return next == count ? null : (Long) next++;
        }

        @Override
        public Map<String, String> header() {
            return Map.of();
        }

        @Override
        public Map<String, String> trailer() {
            return Map.of();
        }

        @Override
        public Metadata headerMetadata() {
            return Metadata.EMPTY;
        }

        @Override
        public Metadata trailerMetadata() {
            return Metadata.EMPTY;
        }

        @Override
        public void cancel(String reason) {
            closed.set(true);
        }

        @Override
        public void close() {
            closed.set(true);
        }

        @Override
        public CallInfo call() {
            throw new UnsupportedOperationException("nobody asks");
        }
    }
}
