package io.streamx;

import java.util.Objects;

/**
 * A caller's message was not sent because the server has already ended the stream, and ended it well: its handler returned
 * before it had read everything. What the server sent is there to be received, so the usual answer is to stop sending:
 *
 * <pre>{@code
 * try (var upload = files.upload()) {
 *     try {
 *         for (Chunk chunk : chunks) {
 *             upload.send(chunk);
 *         }
 *     } catch (StreamEndedException early) {
 *         // The server has seen enough.
 *     }
 *     return upload.closeAndRecv();
 * }
 * }</pre>
 *
 * <p>A stream that the server ended with an error throws that error from {@code send} instead. The cause is the error that
 * Kitex has for both: {@link StreamException#ILLEGAL_OPERATION} on TTHeader, {@link StatusCode#INTERNAL} {@code the stream is
 * done} on gRPC.
 *
 * <p>Source: docs/protocol/semantics.md "12. Situations", rows 5 and 73.
 */
public final class StreamEndedException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** {@code wireError} is the error of the wire for a message after the end. */
    public StreamEndedException(RpcException wireError) {
        super(
                "the server has ended the stream, and what it sent can be received: " + wireError.getMessage(),
                Objects.requireNonNull(wireError, "wireError"));
    }

    @Override
    public int statusCode() {
        return StatusCode.FAILED_PRECONDITION;
    }
}
