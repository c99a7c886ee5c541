package io.streamx.ttheader.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes TTHeader frames. Either a header with any entries, then the payload behind it, then the length:
 *
 * <pre>{@code
 * int start = writer.writeHeader(out, TTHeader.Flags.STREAMING, streamId, protocolId, intEntries, stringEntries);
 * out.writeBytes(payload);
 * TTHeaderWriter.patchLength(out, start);
 * }</pre>
 *
 * <p>or, for the frames a stream sends many of, a {@link #template} made once, which costs one array copy and one int a
 * message:
 *
 * <pre>{@code
 * int start = out.writerIndex();
 * out.writeBytes(template).writeBytes(payload);
 * TTHeaderWriter.patchLength(out, start);
 * }</pre>
 *
 * <p>Every limit is checked before the first byte is written. A writer holds no state, and any thread may use it.
 */
public final class TTHeaderWriter {
    private static final int MAX_TEXT_BYTES = 0xffff;
    /** The info id of a section and the count of its entries. */
    private static final int SECTION_HEAD_BYTES = 3;

    private final int maxHeaderBytes;

    /** A writer of headers that peers of any age accept, {@link TTHeader#DEFAULT_MAX_HEADER_BYTES_SENT}. */
    public TTHeaderWriter() {
        this(TTHeader.DEFAULT_MAX_HEADER_BYTES_SENT);
    }

    /**
     * A writer with a limit of its own.
     *
     * @param maxHeaderBytes the largest variable header written, in bytes, padding included; 4 to
     *     {@link TTHeader#MAX_HEADER_BYTES}
     */
    public TTHeaderWriter(int maxHeaderBytes) {
        if (maxHeaderBytes < 4 || maxHeaderBytes > TTHeader.MAX_HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "maxHeaderBytes: " + maxHeaderBytes + " (expected: 4 to " + TTHeader.MAX_HEADER_BYTES + ")");
        }
        this.maxHeaderBytes = maxHeaderBytes;
    }

    /**
     * Appends the fixed part, with the LENGTH of an empty payload, and the variable header. A section without entries
     * is left out; the entry {@link StringKey#ACL_TOKEN} goes into its own section.
     *
     * @param out is kept by the caller
     * @param flags bits of {@link TTHeader.Flags}
     * @param seqId sequence id or stream id
     * @param protocolId one of {@link TTHeader.ProtocolId}
     * @param intEntries keys 0 to 65535; null as empty
     * @param stringEntries null as empty
     * @return the index of the frame's first byte, for {@link #patchLength}
     * @throws IllegalArgumentException when an entry, or the header as a whole, is beyond what the wire or the limit
     *     allows; the message names it, and nothing has been written
     */
    public int writeHeader(
            ByteBuf out,
            int flags,
            int seqId,
            int protocolId,
            @Nullable Map<Integer, String> intEntries,
            @Nullable Map<String, String> stringEntries) {
        Map<Integer, String> ints = intEntries == null ? Map.of() : intEntries;
        Map<String, String> strings = stringEntries == null ? Map.of() : stringEntries;
        int headerBytes = headerBytes(flags, protocolId, ints, strings);

        int start = out.writerIndex();
        out.ensureWritable(TTHeader.FIXED_BYTES + headerBytes);
        out.writeInt(TTHeader.FIXED_BYTES - TTHeader.LENGTH_BYTES + headerBytes);
        out.writeShort(TTHeader.MAGIC);
        out.writeShort(flags);
        out.writeInt(seqId);
        out.writeShort(headerBytes / 4);
        out.writeByte(protocolId);
        out.writeByte(0); // transforms: none is supported by any peer
        writeStrings(out, strings);
        writeInts(out, ints);
        out.writeZero(start + TTHeader.FIXED_BYTES + headerBytes - out.writerIndex());
        return start;
    }

    /**
     * Sets LENGTH to what has been written since {@code start}.
     *
     * @param start the index {@link #writeHeader} returned
     */
    public static void patchLength(ByteBuf out, int start) {
        out.setInt(start, out.writerIndex() - start - TTHeader.LENGTH_BYTES);
    }

    /**
     * A whole frame without payload that carries a frame type and a method: what precedes the payload of every Data
     * frame of a stream, or stands for its empty Trailer. Its first four bytes are the LENGTH of an empty payload; a
     * payload's length is to be added to it. A template may serve all streams of a method: each sets its own id at
     * {@link TTHeader#SEQ_ID_OFFSET} of the copy.
     *
     * @throws IllegalArgumentException as {@link #writeHeader}
     */
    public byte[] template(int flags, int streamId, int protocolId, FrameType type, String method) {
        // The type is written first, so that a receiver that goes by it need not look further.
        Map<Integer, String> entries = new LinkedHashMap<>(4);
        entries.put(IntKey.FRAME_TYPE, type.text());
        entries.put(IntKey.TO_METHOD, method);
        ByteBuf frame = Unpooled.buffer(TTHeader.FIXED_BYTES + 16 + method.length());
        writeHeader(frame, flags, streamId, protocolId, entries, null);
        return ByteBufUtil.getBytes(frame);
    }

    /**
     * Writes once what many headers have in common.
     *
     * @param stringEntries none is an {@link StringKey#ACL_TOKEN}
     * @throws IllegalArgumentException as {@link #writeHeader}
     */
    public PreparedHeader prepare(
            int flags, int protocolId, Map<Integer, String> intEntries, Map<String, String> stringEntries) {
        headerBytes(flags, protocolId, intEntries, stringEntries);
        return new PreparedHeader(
                flags,
                protocolId,
                maxHeaderBytes,
                stringEntries.size(),
                entriesOf(out -> writeStrings(out, stringEntries)),
                intEntries.size(),
                entriesOf(out -> writeInts(out, intEntries)));
    }

    /** The entries of the section that {@code section} writes, without its head; none of a section that is left out. */
    private static byte[] entriesOf(Consumer<ByteBuf> section) {
        ByteBuf out = Unpooled.buffer();
        section.accept(out);
        return out.isReadable()
                ? ByteBufUtil.getBytes(out, SECTION_HEAD_BYTES, out.readableBytes() - SECTION_HEAD_BYTES)
                : new byte[0];
    }

    private int headerBytes(int flags, int protocolId, Map<Integer, String> ints, Map<String, String> strings) {
        if (flags < 0 || flags > 0xffff) {
            throw new IllegalArgumentException("flags: " + flags + " (expected: 0 to 0xffff)");
        }
        if (!TTHeader.ProtocolId.isAccepted(protocolId)) {
            throw new IllegalArgumentException(
                    "protocol id: " + protocolId + " (expected: one of 0x00, 0x03, 0x04, 0x10, 0x11)");
        }
        // A count beyond 16 bits needs no check: each entry takes 4 bytes, and 65536 entries exceed any header.
        Size size = new Size();
        for (Map.Entry<String, String> entry : strings.entrySet()) {
            String key = Objects.requireNonNull(entry.getKey(), "key of a string entry");
            if (key.equals(StringKey.ACL_TOKEN)) {
                size.addEntry(key, 3 + textBytes(key, "value", entry.getValue()));
            } else {
                size.addEntry(key, 4 + textBytes(key, "key", key) + textBytes(key, "value", entry.getValue()));
            }
        }
        for (Map.Entry<Integer, String> entry : ints.entrySet()) {
            int key = entry.getKey();
            if (key < 0 || key > 0xffff) {
                throw new IllegalArgumentException("int entry " + key + " (expected: a key of 0 to 65535)");
            }
            size.addEntry(entry.getKey(), 4 + textBytes(entry.getKey(), "value", entry.getValue()));
        }
        size.bytes += 2;
        size.bytes += plainStrings(strings) == 0 ? 0 : 3;
        size.bytes += ints.isEmpty() ? 0 : 3;
        long padded = (size.bytes + 3) & ~3L;
        if (padded > maxHeaderBytes) {
            throw new IllegalArgumentException("TTHeader of " + padded + " bytes in " + (ints.size() + strings.size())
                    + " entries, the largest " + shown(size.largestKey) + " with " + size.largestBytes
                    + " bytes (expected: at most " + maxHeaderBytes + " bytes)");
        }
        return (int) padded;
    }

    private static int textBytes(Object key, String part, String text) {
        int bytes = ByteBufUtil.utf8Bytes(Objects.requireNonNull(text, () -> part + " of entry " + shown(key)));
        if (bytes > MAX_TEXT_BYTES) {
            throw new IllegalArgumentException("TTHeader entry " + shown(key) + ": " + part + " of " + bytes
                    + " bytes (expected: at most " + MAX_TEXT_BYTES + " bytes)");
        }
        return bytes;
    }

    /** An entry as an error shows it, which is the key alone: the value may be nobody's business. */
    private static String shown(Object key) {
        return key instanceof String text ? '"' + LogText.of(text) + '"' : key.toString();
    }

    private static int plainStrings(Map<String, String> strings) {
        return strings.size() - (strings.containsKey(StringKey.ACL_TOKEN) ? 1 : 0);
    }

    private static void writeStrings(ByteBuf out, Map<String, String> strings) {
        if (strings.isEmpty()) {
            return;
        }
        String token = strings.get(StringKey.ACL_TOKEN);
        if (token != null) {
            out.writeByte(TTHeader.INFO_ACL_TOKEN);
            writeText(out, token);
        }
        int count = plainStrings(strings);
        if (count == 0) {
            return;
        }
        out.writeByte(TTHeader.INFO_STRING_ENTRIES);
        out.writeShort(count);
        for (Map.Entry<String, String> entry : strings.entrySet()) {
            if (!entry.getKey().equals(StringKey.ACL_TOKEN)) {
                writeText(out, entry.getKey());
                writeText(out, entry.getValue());
            }
        }
    }

    private static void writeInts(ByteBuf out, Map<Integer, String> ints) {
        if (ints.isEmpty()) {
            return;
        }
        out.writeByte(TTHeader.INFO_INT_ENTRIES);
        out.writeShort(ints.size());
        for (Map.Entry<Integer, String> entry : ints.entrySet()) {
            out.writeShort(entry.getKey());
            writeText(out, entry.getValue());
        }
    }

    private static void writeText(ByteBuf out, String text) {
        int bytes = ByteBufUtil.utf8Bytes(text);
        out.writeShort(bytes);
        ByteBufUtil.reserveAndWriteUtf8(out, text, bytes);
    }

    /** The sum of the sizes so far, and the entry to name when the sum is too much. */
    private static final class Size {
        long bytes;
        Object largestKey = "";
        int largestBytes;

        void addEntry(Object key, int entryBytes) {
            bytes += entryBytes;
            if (entryBytes > largestBytes) {
                largestBytes = entryBytes;
                largestKey = key;
            }
        }
    }
}
