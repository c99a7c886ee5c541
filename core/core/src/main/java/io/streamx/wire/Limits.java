package io.streamx.wire;

import java.time.Duration;

/**
 * What one connection may hold and carry.
 *
 * <p>{@code connectionBufferBytes}, 8 MiB when not set, bounds five things, each by itself:
 *
 * <ol>
 *   <li>messages that callers or handlers have sent and the network has not taken: {@code send} waits beyond it;
 *   <li>messages that came and nobody has received: reading pauses beyond it;
 *   <li>gRPC messages that have begun and not ended: the windows of all streams shrink beyond it;
 *   <li>gRPC messages larger than the window of their stream: beyond it such a message waits until another one is whole;
 *   <li>requests of unary calls that run at once on a multiplexed TTHeader connection: reading pauses beyond it.
 * </ol>
 *
 * @param maxMessageBytes the largest payload of a message, each direction
 * @param maxSentHeaderBytes the largest header section that is sent
 * @param maxAcceptedHeaderBytes the largest header section that is accepted
 * @param streamBufferBytes how many unsent bytes a stream has before a sender waits; on HTTP/2 this is the receive
 *     window of the stream too
 * @param connectionBufferBytes how many bytes of a connection may wait in memory, for each of the five reasons above
 * @param maxConcurrentStreams how many streams a server runs at once on the connection
 * @param stallTimeout how long a stream may hold up a paused connection on which another one waits for a message
 */
public record Limits(
        int maxMessageBytes,
        int maxSentHeaderBytes,
        int maxAcceptedHeaderBytes,
        int streamBufferBytes,
        int connectionBufferBytes,
        int maxConcurrentStreams,
        Duration stallTimeout) {
    /** The limits of {@link Defaults}. */
    public static final Limits DEFAULT = new Limits(
            Defaults.MAX_MESSAGE_BYTES,
            Defaults.MAX_SENT_HEADER_BYTES,
            Defaults.MAX_ACCEPTED_HEADER_BYTES,
            Defaults.STREAM_BUFFER_BYTES,
            Defaults.CONNECTION_BUFFER_BYTES,
            Defaults.MAX_CONCURRENT_STREAMS,
            Defaults.STALL_TIMEOUT);

    /** Checks that each limit is positive. */
    public Limits {
        Checks.positive("maxMessageBytes", maxMessageBytes);
        Checks.positive("maxSentHeaderBytes", maxSentHeaderBytes);
        Checks.positive("maxAcceptedHeaderBytes", maxAcceptedHeaderBytes);
        Checks.positive("streamBufferBytes", streamBufferBytes);
        Checks.positive("connectionBufferBytes", connectionBufferBytes);
        Checks.positive("maxConcurrentStreams", maxConcurrentStreams);
        Checks.positive("stallTimeout", stallTimeout);
    }

    /** These limits with another largest message. */
    public Limits withMaxMessageBytes(int bytes) {
        return new Limits(
                bytes,
                maxSentHeaderBytes,
                maxAcceptedHeaderBytes,
                streamBufferBytes,
                connectionBufferBytes,
                maxConcurrentStreams,
                stallTimeout);
    }

    /** These limits with other bounds on what waits in memory. */
    public Limits withBuffers(int perStream, int perConnection) {
        return new Limits(
                maxMessageBytes,
                maxSentHeaderBytes,
                maxAcceptedHeaderBytes,
                perStream,
                perConnection,
                maxConcurrentStreams,
                stallTimeout);
    }

    /** These limits with another number of streams at once. */
    public Limits withMaxConcurrentStreams(int streams) {
        return new Limits(
                maxMessageBytes,
                maxSentHeaderBytes,
                maxAcceptedHeaderBytes,
                streamBufferBytes,
                connectionBufferBytes,
                streams,
                stallTimeout);
    }

    /** These limits with another patience towards a stream that holds up its connection. */
    public Limits withStallTimeout(Duration timeout) {
        return new Limits(
                maxMessageBytes,
                maxSentHeaderBytes,
                maxAcceptedHeaderBytes,
                streamBufferBytes,
                connectionBufferBytes,
                maxConcurrentStreams,
                timeout);
    }
}
