package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The header that service meshes once put before a message, framed or buffered: string entries as TTHeader has them,
 * and nothing else. Kitex reads this header and never writes it, and StreamX for Java does likewise.
 *
 * <pre>
 * u16 0xffaf, u16 size of what follows, u16 count, count x (u16 length, key, u16 length, value)
 * </pre>
 *
 * <p>Source: docs/protocol/ttheader.md "7. Mesh header".
 */
final class MeshHeader {
    private static final int FIXED_BYTES = 4;
    static final int MAX_BYTES = FIXED_BYTES + 0xffff;

    private MeshHeader() {}

    /** The length of the header at {@code index}, whose first four bytes are there. */
    static int length(ByteBuf in, int index) {
        return FIXED_BYTES + in.getUnsignedShort(index + 2);
    }

    /**
     * The entries of the header at {@code index}, all of which is there; unmodifiable.
     *
     * @throws MalformedMessageException when an entry reaches beyond the header
     */
    static Map<String, String> entries(ByteBuf in, int index) {
        ByteBuf header = in.slice(index + FIXED_BYTES, length(in, index) - FIXED_BYTES);
        Map<String, String> entries = new LinkedHashMap<>();
        int count = require(header, 2).readUnsignedShort();
        for (int i = 0; i < count; i++) {
            entries.put(text(header), text(header));
        }
        return Collections.unmodifiableMap(entries);
    }

    private static String text(ByteBuf header) {
        int bytes = require(header, 2).readUnsignedShort();
        return require(header, bytes).readString(bytes, StandardCharsets.UTF_8);
    }

    private static ByteBuf require(ByteBuf header, int bytes) {
        if (header.readableBytes() < bytes) {
            throw new MalformedMessageException(
                    "mesh header with an entry of " + bytes + " bytes where " + header.readableBytes() + " are left");
        }
        return header;
    }
}
