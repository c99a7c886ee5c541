package io.streamx.gateway;

import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;

/** A stream whose messages lie in {@link Envelopes}, compressed where both sides want it: that of Connect, and of gRPC-Web. */
abstract class EnvelopeFormat implements StreamFormat {
    private final String contentType;
    private final ReplyCoding coding;
    private final int maxRequestBytes;
    private final int maxMessageBytes;
    private volatile boolean compressing = true;

    /** {@code maxRequestBytes} and {@code maxMessageBytes} limit a message that comes, and one that is sent. */
    EnvelopeFormat(String contentType, ReplyCoding coding, int maxRequestBytes, int maxMessageBytes) {
        this.contentType = contentType;
        this.coding = coding;
        this.maxRequestBytes = maxRequestBytes;
        this.maxMessageBytes = maxMessageBytes;
    }

    final String contentType() {
        return contentType;
    }

    final ReplyCoding coding() {
        return coding;
    }

    @Override
    public final void begin(OutboundMessage empty) {
        Envelopes.begin(empty);
    }

    @Override
    public final void complete(OutboundMessage message) {
        Envelopes.complete(message, compressing && coding.isGzip(), maxMessageBytes);
    }

    @Override
    public final void compressMessages(boolean compress) {
        compressing = compress;
    }

    @Override
    public final InboundMessage decompress(InboundMessage compressed) {
        return Gzip.decompress(compressed, maxRequestBytes);
    }
}
