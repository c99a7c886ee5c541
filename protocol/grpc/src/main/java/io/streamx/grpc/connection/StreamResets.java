package io.streamx.grpc.connection;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;

/** Resets streams of a connection, and remembers which it has reset. On the event loop. */
final class StreamResets {
    private final GrpcConnection connection;

    /** Frames for these streams that were under way when they were reset are no fault of the peer's. */
    private final RecentStreams recent = new RecentStreams();

    StreamResets(GrpcConnection connection) {
        this.connection = connection;
    }

    /** Whether this side has reset the stream lately. */
    boolean contains(int streamId) {
        return recent.contains(streamId);
    }

    /** Remembers that this side has reset a stream. */
    void add(int streamId) {
        recent.add(streamId);
    }

    /** Resets a stream at once: nothing that waits for its window is sent any more. */
    void reset(Http2Stream stream, long errorCode) {
        if (stream.state() == Http2Stream.State.CLOSED) {
            return;
        }
        if (!stream.isResetSent()) {
            stream.resetSent();
            if (!connection.connection().local().created(stream) || stream.isHeadersSent()) {
                connection
                        .encoder()
                        .frameWriter()
                        .writeRstStream(connection.context(), stream.id(), errorCode, connection.newPromise());
            }
        }
        recent.add(stream.id());
        connection.closeStream(stream, connection.context().newSucceededFuture());
    }

    /**
     * Makes the stream of a header block that could not be read, and resets it: the block is the end of that stream
     * alone. Frames for the stream may be under way. They are to be for a stream that was reset, since frames for a
     * stream that never was would cost the connection.
     *
     * @return whether the peer may have begun a stream of that id, so that it was made
     */
    boolean resetUnread(int streamId, long errorCode) {
        Http2Connection.Endpoint<Http2RemoteFlowController> remote =
                connection.connection().remote();
        if (!remote.isValidStreamId(streamId) || streamId <= remote.lastStreamCreated()) {
            return false;
        }
        int allowed = remote.maxActiveStreams();
        try {
            // The limit is lifted meanwhile, because Netty may have dropped the block for the very reason that there
            // are as many streams as may be.
            remote.maxActiveStreams(Integer.MAX_VALUE);
            remote.createStream(streamId, false);
        } catch (Http2Exception impossible) {
            return false;
        } finally {
            remote.maxActiveStreams(allowed);
        }
        recent.add(streamId);
        connection.encoder().writeRstStream(connection.context(), streamId, errorCode, connection.newPromise());
        return true;
    }
}
