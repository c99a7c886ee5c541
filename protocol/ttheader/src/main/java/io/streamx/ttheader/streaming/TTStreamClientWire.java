package io.streamx.ttheader.streaming;

import io.netty.buffer.ByteBuf;
import io.streamx.RpcException;
import io.streamx.ttheader.TTHeaderMetainfo;
import io.streamx.ttheader.frame.FrameType;
import io.streamx.ttheader.frame.StringKey;
import io.streamx.wire.ClientStreamEvents;
import io.streamx.wire.ClientWire;
import io.streamx.wire.Failures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.StreamProtocol;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One stream of a client in frames. Source: docs/protocol/ttheader-streaming.md "5. Client states". */
final class TTStreamClientWire implements ClientWire, FrameEvents.Receiver {
    private final TTStreamClientConnection connection;
    private final int streamId;
    private final StreamFrames frames;
    /** The Header frame, made on the caller's thread so that what it cannot carry is refused there; null once written. */
    private @Nullable ByteBuf opening;

    private @Nullable ClientStreamEvents exchange;

    TTStreamClientWire(TTStreamClientConnection connection, int streamId, StreamProtocol.Opening opening) {
        this.connection = connection;
        this.streamId = streamId;
        frames = StreamFrames.ofKnown(opening.method().name());
        Map<String, String> entries = OneValueEach.of(opening.entries().texts());
        entries.put(StringKey.IDL_SERVICE_NAME, opening.method().service());
        TTHeaderMetainfo.addTo(entries, opening.persistents(), opening.transients());
        this.opening = frames.frame(
                connection.frameWriter(),
                FrameType.HEADER,
                streamId,
                opening.entries().ints(),
                entries,
                null);
    }

    int streamId() {
        return streamId;
    }

    ClientStreamEvents exchange() {
        ClientStreamEvents opened = exchange;
        if (opened == null) {
            throw new IllegalStateException("stream " + streamId + " is not open");
        }
        return opened;
    }

    @Override
    public Failures failures() {
        return StreamFailures.CLIENT;
    }

    // ---- the sender's thread ----

    @Override
    public void begin(OutboundMessage empty) {
        frames.begin(empty, streamId);
    }

    @Override
    public void complete(OutboundMessage message) {
        frames.complete(message, connection.limits().maxMessageBytes());
    }

    // ---- event loop: writing ----

    @Override
    public void writeOpen(ClientStreamEvents opened) {
        exchange = opened;
        connection.opened(this);
        ByteBuf frame = opening;
        if (frame != null) {
            opening = null;
            connection.out().write(frame);
        }
    }

    @Override
    public void writeMessage(OutboundMessage messages) {
        int cost = messages.cost();
        connection.out().write(messages);
        exchange().written(cost);
    }

    @Override
    public void writeEnd() {
        frames.writePlainTrailer(connection.out(), streamId);
    }

    @Override
    public void writeReset(RpcException reason, boolean sendOpen) {
        ByteBuf frame;
        try {
            frame = reset(CancelPath.entries(Resets.path(reason), connection.clientName()), reason);
        } catch (IllegalArgumentException pathTooLong) {
            // It grows with every hop and came from a peer; the cancel must go on without it.
            frame = reset(Map.of(), reason);
        }
        connection.out().write(frame);
        if (sendOpen) {
            // Peers from before resets were known wait for it.
            writeEnd();
        }
    }

    private ByteBuf reset(Map<String, String> path, RpcException reason) {
        return frames.frame(connection.frameWriter(), FrameType.RST, streamId, Map.of(), path, Resets.payload(reason));
    }

    @Override
    public void abandonSending() {
        // Nobody needs it but old proxies, which take the stream for open until it comes.
        writeEnd();
    }

    @Override
    public void forget() {
        connection.forget(this);
    }

    // ---- event loop: messages that came ----

    @Override
    public void onMessage(InboundMessage message) {
        exchange().onMessage(message);
    }

    @Override
    public void onMessage(ByteBuf in, int index, int length) {
        exchange().onMessage(in, index, length);
    }

    @Override
    public void onOversizedMessage(long bytes) {
        exchange()
                .fail(StreamFailures.CLIENT.messageTooLarge(
                        bytes, connection.limits().maxMessageBytes()));
    }
}
