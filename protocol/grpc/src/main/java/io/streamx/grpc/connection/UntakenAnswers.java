package io.streamx.grpc.connection;

import io.netty.handler.codec.http2.Http2Stream;
import io.streamx.StatusException;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.grpc.protocol.ResetCodes;
import io.streamx.net.UntakenEnds;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.TimeLimit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up what calls have left behind, should their caller let nothing of it leave for the setting sendTimeout: neither a handler
 * nor anybody else would notice, and the bytes would stay as long as the connection. On the event loop.
 */
final class UntakenAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(UntakenAnswers.class);

    private final GrpcServerConnection connection;
    private final ServerRuntime runtime;
    private final @Nullable Duration limit;
    private @Nullable UntakenEnds ends;
    private boolean told;

    UntakenAnswers(GrpcServerConnection connection, ServerRuntime runtime) {
        this.connection = connection;
        this.runtime = runtime;
        limit = runtime.sendTimeout();
    }

    /** A call is over for its handler: looks after what the windows of its caller do not let leave. */
    void watch(MultiplexedStream call) {
        Duration longest = limit;
        if (longest == null || !call.isHeldByWindows()) {
            return;
        }
        UntakenEnds all = ends;
        if (all == null) {
            all = new UntakenEnds(connection.streams().channel(), runtime.stallTimes(longest));
            ends = all;
        }
        all.add(new UntakenEnds.Stream() {
            @Override
            public boolean isWaiting() {
                return call.isHeldByWindows();
            }

            @Override
            public long leftBytes() {
                return call.leftBytes();
            }

            @Override
            public void giveUp() {
                UntakenAnswers.this.giveUp(call, longest);
            }
        });
    }

    private void giveUp(MultiplexedStream call, Duration longest) {
        Http2Stream stream = call.stream();
        if (stream == null) {
            return;
        }
        StatusException failure = GrpcFailures.SERVER.sendTimeout(
                new TimeLimit(longest, "the server"), connection.streams().unsentBytes());
        if (!told) {
            told = true;
            LOG.warn(
                    "stream {} of {} is reset: {}. Further ones of the connection are not told of",
                    call.id(),
                    connection.streams().channel().remoteAddress(),
                    failure.getMessage());
        }
        connection.reset(stream, ResetCodes.of(failure));
        connection.streams().flush();
    }
}
