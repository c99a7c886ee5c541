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
import io.streamx.wire.ReadProgress;
import io.streamx.wire.StreamProtocol;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One stream of a client in frames. Source: docs/protocol/ttheader-streaming.md "5. Client states". */
final class TTStreamClientWire implements ClientWire, FrameEvents.Receiver, StreamCredit.Stream {
    private final TTStreamClientConnection connection;
    private final int streamId;
    private final StreamFrames frames;
    private final StreamCredit credit;
    /**
     * The Header frame, which is made on the caller's thread so that entries it cannot carry are refused there; null
     * once it was written.
     */
    private @Nullable ByteBuf opening;

    private @Nullable ClientStreamEvents exchange;

    TTStreamClientWire(TTStreamClientConnection connection, int streamId, StreamProtocol.Opening opening) {
        this.connection = connection;
        this.streamId = streamId;
        frames = StreamFrames.ofKnown(opening.method().name());
        Map<String, String> entries = OneValueEach.of(opening.entries().texts());
        entries.put(StringKey.IDL_SERVICE_NAME, opening.method().service());
        TTHeaderMetainfo.addTo(entries, opening.persistents(), opening.transients());
        // This stream is among those that are about to be opened.
        int firstBytes = StreamCredit.firstBytes(connection.streamCount() - 1);
        credit = new StreamCredit(connection, this, firstBytes);
        entries.put(StreamCredit.KEY, Integer.toString(firstBytes));
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
        if (connection.peerGrants()) {
            credit.begin();
        } else if (connection.mayGrantYet()) {
            credit.hold();
        }
    }

    StreamCredit credit() {
        return credit;
    }

    @Override
    public void writeMessage(OutboundMessage messages) {
        credit.send(messages);
    }

    @Override
    public void write(OutboundMessage messages) {
        int cost = messages.cost();
        connection.out().write(messages);
        exchange().written(cost);
    }

    @Override
    public void drop(OutboundMessage messages) {
        int cost = messages.cost();
        messages.release();
        exchange().written(cost);
    }

    @Override
    public void grant(long total) {
        connection.writeCredit(frames, streamId, StreamCredit.KEY, total);
    }

    @Override
    public void want(long total) {
        connection.writeCredit(frames, streamId, StreamCredit.WANT_KEY, total);
    }

    @Override
    public ReadProgress reading() {
        return exchange();
    }

    @Override
    public void writeEnd() {
        credit.end(() -> frames.writePlainTrailer(connection.out(), streamId));
    }

    @Override
    public void writeReset(RpcException reason, boolean sendOpen) {
        ByteBuf frame;
        try {
            frame = reset(CancelPath.entries(Resets.path(reason), connection.clientName()), reason);
        } catch (IllegalArgumentException pathTooLong) {
            // The path grows with every hop and came from a peer. When it does not fit the cancel goes on without it.
            frame = reset(Map.of(), reason);
        }
        boolean endUnwritten = credit.isEnding();
        credit.drop();
        connection.out().write(frame);
        if (sendOpen || endUnwritten) {
            // Peers from before resets were known wait for a trailer, so one is sent too.
            writeEnd();
        }
    }

    private ByteBuf reset(Map<String, String> path, RpcException reason) {
        return frames.frame(connection.frameWriter(), FrameType.RST, streamId, Map.of(), path, Resets.payload(reason));
    }

    @Override
    public void abandonSending() {
        credit.drop();
        // Only old proxies need this trailer: they take the stream for open until it comes.
        writeEnd();
    }

    @Override
    public void forget() {
        if (credit.isEnding()) {
            // The server has ended the stream and wants nothing of what is held back.
            abandonSending();
        }
        credit.drop();
        credit.close();
        connection.forget(this);
    }

    // ---- event loop: messages that came ----

    @Override
    public void onMessage(InboundMessage message, int frameBytes) {
        exchange().onMessage(message);
        credit.arrived(frameBytes);
    }

    @Override
    public void onMessage(ByteBuf in, int index, int length, int frameBytes) {
        exchange().onMessage(in, index, length);
        credit.arrived(frameBytes);
    }

    @Override
    public void onOversizedMessage(long bytes) {
        exchange()
                .fail(StreamFailures.CLIENT.messageTooLarge(
                        bytes, connection.limits().maxMessageBytes()));
    }
}
