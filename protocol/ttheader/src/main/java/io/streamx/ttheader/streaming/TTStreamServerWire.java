package io.streamx.ttheader.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.net.BatchWriter;
import io.streamx.ttheader.BizStatusEntries;
import io.streamx.ttheader.HandlerFailures;
import io.streamx.ttheader.ToldStatus;
import io.streamx.ttheader.frame.FrameType;
import io.streamx.ttheader.frame.TTHeader;
import io.streamx.wire.Failures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ReadProgress;
import io.streamx.wire.ServerStreamEvents;
import io.streamx.wire.ServerWire;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a server in frames. Source: docs/protocol/ttheader-streaming.md "6. Server states" and
 * "10. Handler results".
 */
final class TTStreamServerWire implements ServerWire, FrameEvents.Receiver, StreamCredit.Stream {
    private final TTStreamServerConnection connection;
    private final int streamId;
    private final String fullMethod;
    private final StreamFrames frames;
    /** The credit of the stream; null where the caller has not offered any, and then nothing is counted either. */
    private final @Nullable StreamCredit credit;

    private final int headBytes;
    private @Nullable ServerStreamEvents exchange;

    /** {@code firstBytes} is the credit that the caller offers for each direction; 0 for none. */
    TTStreamServerWire(
            TTStreamServerConnection connection,
            int streamId,
            String fullMethod,
            StreamFrames frames,
            int firstBytes,
            int headBytes) {
        this.headBytes = headBytes;
        credit = firstBytes > 0 ? new StreamCredit(connection, this, firstBytes) : null;
        this.connection = connection;
        this.streamId = streamId;
        this.fullMethod = fullMethod;
        this.frames = frames;
    }

    int streamId() {
        return streamId;
    }

    /** What the stream's Header frame takes of memory, about. */
    int headBytes() {
        return headBytes;
    }

    void carry(ServerStreamEvents carried) {
        exchange = carried;
        if (credit != null) {
            credit.begin();
        }
    }

    ServerStreamEvents exchange() {
        ServerStreamEvents carried = exchange;
        if (carried == null) {
            throw new IllegalStateException("stream " + streamId + " has not started");
        }
        return carried;
    }

    @Override
    public Failures failures() {
        return StreamFailures.SERVER;
    }

    // ---- the handler's thread ----

    @Override
    public void begin(OutboundMessage empty) {
        frames.begin(empty, streamId);
    }

    @Override
    public void complete(OutboundMessage message) {
        frames.complete(message, connection.limits().maxMessageBytes());
    }

    @Override
    public void checkEntries(Metadata entries) {
        connection
                .frameWriter()
                .writeHeader(
                        Unpooled.buffer(),
                        TTHeader.Flags.STREAMING,
                        streamId,
                        TTHeader.ProtocolId.THRIFT_STRUCT,
                        null,
                        OneValueEach.of(entries));
    }

    // ---- event loop: writing ----

    private BatchWriter out() {
        return connection.out();
    }

    @Override
    public void writeHeader(Metadata entries) {
        if (entries.isEmpty()) {
            frames.writePlainHeader(out(), streamId);
        } else {
            write(FrameType.HEADER, entries.firstValues(), null);
        }
    }

    @Override
    public void writeMessage(OutboundMessage messages) {
        if (credit == null) {
            write(messages);
        } else {
            credit.send(messages);
        }
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

    StreamFrames frames() {
        return frames;
    }

    /** Whether the handler has returned, and messages and the end behind them wait for credit. */
    boolean isEnding() {
        return credit != null && credit.isEnding();
    }

    /** How many bytes the credit of the caller has let go. */
    long leftBytes() {
        return credit == null ? 0 : credit.sentBytes();
    }

    /** Ends a stream whose handler has returned, and whose last messages its caller does not want. */
    void giveUp(RpcException failure) {
        dropHeld();
        writeTrailerNow(Map.of(), failure, false);
    }

    void onGrant(long total) {
        if (credit != null) {
            credit.onGrant(total);
        }
    }

    void onWant(long total) {
        if (credit != null) {
            credit.onWant(total);
        }
    }

    /** Drops what is held back, because the caller wants nothing more or the connection is gone. */
    void dropHeld() {
        if (credit != null) {
            credit.drop();
        }
    }

    @Override
    public void write(OutboundMessage messages) {
        int cost = messages.cost();
        out().write(messages);
        exchange().written(cost);
    }

    @Override
    public void writeTrailer(Metadata metadata, @Nullable Throwable failure, boolean fromHandler) {
        Map<String, String> entries = metadata.firstValues();
        if (credit == null) {
            writeTrailerNow(entries, failure, fromHandler);
        } else {
            credit.end(() -> {
                writeTrailerNow(entries, failure, fromHandler);
                connection.ended(this);
            });
        }
    }

    private void writeTrailerNow(Map<String, String> entries, @Nullable Throwable failure, boolean fromHandler) {
        if (failure == null) {
            if (entries.isEmpty()) {
                frames.writePlainTrailer(out(), streamId);
            } else {
                write(FrameType.TRAILER, entries, null);
            }
            return;
        }
        BizStatusException business = HandlerFailures.business(failure, fromHandler);
        if (business == null) {
            ApplicationException told = HandlerFailures.application(failure, fromHandler, fullMethod);
            write(FrameType.TRAILER, ToldStatus.added(entries, told), told);
            return;
        }
        Map<String, String> withStatus = new LinkedHashMap<>(entries);
        BizStatusEntries.add(business, withStatus);
        write(FrameType.TRAILER, withStatus, null);
    }

    private void write(FrameType type, Map<String, String> entries, @Nullable ApplicationException failure) {
        ByteBuf frame;
        try {
            frame = frames.frame(connection.frameWriter(), type, streamId, Map.of(), entries, failure);
        } catch (IllegalArgumentException tooMuch) {
            // The handler's own entries were checked when they were set. So it is the business status that does not
            // fit.
            frame = frames.frame(
                    connection.frameWriter(),
                    type,
                    streamId,
                    Map.of(),
                    Map.of(),
                    ApplicationException.outcome(
                            ApplicationException.INTERNAL_ERROR, String.valueOf(tooMuch.getMessage())));
        }
        out().write(frame);
    }

    @Override
    public void forget() {
        connection.forget(this, isEnding());
        if (credit != null) {
            credit.close();
        }
    }

    // ---- event loop: messages that came ----

    @Override
    public void onMessage(InboundMessage message, int frameBytes) {
        exchange().onMessage(message);
        if (credit != null) {
            credit.arrived(frameBytes);
        }
    }

    @Override
    public void onMessage(ByteBuf in, int index, int length, int frameBytes) {
        exchange().onMessage(in, index, length);
        if (credit != null) {
            credit.arrived(frameBytes);
        }
    }

    @Override
    public void onOversizedMessage(long bytes) {
        exchange()
                .onEnd(StreamFailures.SERVER.messageTooLarge(
                        bytes, connection.limits().maxMessageBytes()));
    }
}
