package io.streamx.testing;

import io.netty.buffer.Unpooled;
import io.streamx.service.MessageCodec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A frame that a scripted peer has received. Immutable. */
public final class ScriptedFrame {
    private final String type;
    private final int stream;
    private final Map<String, String> entries;
    private final byte[] payload;
    private final String text;

    ScriptedFrame(String type, int stream, Map<String, String> entries, byte[] payload, String text) {
        this.type = type;
        this.stream = stream;
        this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        this.payload = payload;
        this.text = text;
    }

    /** What the protocol calls a frame like this. */
    public String type() {
        return type;
    }

    /** The stream it belongs to; 0 where it belongs to none. */
    public int stream() {
        return stream;
    }

    /** Metainfo, headers, or whatever else a frame of this type says, in the order of the wire. */
    public Map<String, String> entries() {
        return entries;
    }

    /** A copy of the bytes it carries; for gRPC those of the message without its prefix of five bytes. */
    public byte[] payload() {
        return payload.clone();
    }

    /** The message that it carries: {@code frame.message(Token.CODEC)}. */
    public <T> T message(MessageCodec<T> codec) {
        return codec.decode(Unpooled.wrappedBuffer(payload));
    }

    /** The frame in words, as the transcript shows it. */
    @Override
    public String toString() {
        return text;
    }
}
