package io.streamx.ttheader.streaming;

import io.streamx.RpcException;
import io.streamx.net.UntakenEnds;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.TimeLimit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up streams whose handlers have returned, and whose callers grant nothing for their last messages for the setting
 * sendTimeout. On the event loop.
 */
final class UntakenStreams {
    private static final Logger LOG = LoggerFactory.getLogger(UntakenStreams.class);

    private final TTStreamServerConnection connection;
    private final ServerRuntime runtime;
    private final @Nullable Duration limit;
    private @Nullable UntakenEnds ends;
    private boolean told;

    UntakenStreams(TTStreamServerConnection connection, ServerRuntime runtime) {
        this.connection = connection;
        this.runtime = runtime;
        limit = runtime.sendTimeout();
    }

    /** Looks after a stream that has ended for its handler. */
    void watch(TTStreamServerWire stream) {
        Duration longest = limit;
        if (longest == null) {
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
                return stream.isEnding();
            }

            @Override
            public long leftBytes() {
                return stream.leftBytes();
            }

            @Override
            public void giveUp() {
                UntakenStreams.this.giveUp(stream, longest);
            }
        });
    }

    private void giveUp(TTStreamServerWire stream, Duration longest) {
        RpcException failure = StreamFailures.SERVER.sendTimeout(
                new TimeLimit(longest, "the server"), connection.streams().unsentBytes());
        if (!told) {
            told = true;
            LOG.warn(
                    "stream {} of {} is ended: {}. Further ones of the connection are not told of",
                    stream.streamId(),
                    connection.streams().channel().remoteAddress(),
                    failure.getMessage());
        }
        connection.giveUp(stream, failure);
    }
}
