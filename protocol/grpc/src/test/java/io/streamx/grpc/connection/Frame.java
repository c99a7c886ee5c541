package io.streamx.grpc.connection;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** One HTTP/2 frame as it stands on the wire; {@code headers} are those of a HEADERS frame, decoded in their turn. */
record Frame(int type, int flags, int stream, byte[] payload, Map<String, String> headers) {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;

    boolean endsStream() {
        return (flags & END_STREAM) != 0;
    }

    boolean isAck() {
        return (flags & ACK) != 0;
    }

    /** The number at a place of the payload. */
    int intAt(int offset) {
        return ByteBuffer.wrap(payload).getInt(offset);
    }

    long longAt(int offset) {
        return ByteBuffer.wrap(payload).getLong(offset);
    }

    /** SETTINGS as pairs. */
    Map<Integer, Integer> settings() {
        Map<Integer, Integer> pairs = new LinkedHashMap<>();
        for (int i = 0; i + 6 <= payload.length; i += 6) {
            pairs.put(ByteBuffer.wrap(payload).getShort(i) & 0xffff, intAt(i + 2));
        }
        return pairs;
    }

    @Override
    public String toString() {
        return "frame type " + type + " flags " + flags + " stream " + stream + " "
                + (headers.isEmpty()
                        ? HexFormat.of().formatHex(payload, 0, Math.min(32, payload.length)) + " (" + payload.length
                                + " bytes)"
                        : headers);
    }
}
