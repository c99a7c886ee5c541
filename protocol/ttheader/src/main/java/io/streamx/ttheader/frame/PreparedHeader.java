package io.streamx.ttheader.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of many messages have in common, written once by {@link TTHeaderWriter#prepare}: their fixed part but for the
 * sequence id, and entries. Each message adds metainfo of its own, and its time limit. Immutable, for any thread.
 */
public final class PreparedHeader {
    /** The transient value that travels in a section of its own. */
    private static final String TOKEN = StringKey.ACL_TOKEN.substring(StringKey.TRANSIENT_PREFIX.length());

    private static final int SECTION_HEAD_BYTES = 3;
    private static final int LENGTH_BYTES = 2;
    private static final int INT_KEY_BYTES = 2;
    /** The longest key or value whose length has room in front of it. */
    private static final int MAX_TEXT_BYTES = 0xffff;

    private final int flags;
    private final int protocolId;
    private final int maxHeaderBytes;
    private final int stringCount;
    private final byte[] strings;
    private final int intCount;
    private final byte[] ints;

    /** {@code strings} and {@code ints} are the entries of a section as they are written, without its head. */
    PreparedHeader(
            int flags, int protocolId, int maxHeaderBytes, int stringCount, byte[] strings, int intCount, byte[] ints) {
        this.flags = flags;
        this.protocolId = protocolId;
        this.maxHeaderBytes = maxHeaderBytes;
        this.stringCount = stringCount;
        this.strings = strings;
        this.intCount = intCount;
        this.ints = ints;
    }

    /**
     * Appends a header with the prepared entries and with more, as {@link TTHeaderWriter#writeHeader} does.
     *
     * @param timeout the value of {@link IntKey#RPC_TIMEOUT}; null for none
     * @return false when the entries are more than a header may hold, or have a token; then nothing has been written, and {@link
     *     TTHeaderWriter#writeHeader} says what is wrong or writes it
     */
    public boolean write(
            ByteBuf out,
            int seqId,
            Map<String, String> persistents,
            Map<String, String> transients,
            @Nullable String timeout) {
        long bytes = LENGTH_BYTES
                + 2 * SECTION_HEAD_BYTES
                + strings.length
                + ints.length
                + (timeout == null ? 0 : INT_KEY_BYTES + LENGTH_BYTES + timeout.length())
                + size(StringKey.PERSISTENT_PREFIX, persistents)
                + size(StringKey.TRANSIENT_PREFIX, transients);
        if (bytes + 3 > maxHeaderBytes || transients.containsKey(TOKEN)) {
            return false;
        }
        int start = out.writerIndex();
        out.writeInt(0);
        out.writeShort(TTHeader.MAGIC);
        out.writeShort(flags);
        out.writeInt(seqId);
        out.writeShort(0);
        out.writeByte(protocolId);
        out.writeByte(0); // transforms: none is supported by any peer
        out.writeByte(TTHeader.INFO_STRING_ENTRIES);
        out.writeShort(stringCount + persistents.size() + transients.size());
        out.writeBytes(strings);
        add(out, StringKey.TRANSIENT_PREFIX, transients);
        add(out, StringKey.PERSISTENT_PREFIX, persistents);
        out.writeByte(TTHeader.INFO_INT_ENTRIES);
        out.writeShort(timeout == null ? intCount : intCount + 1);
        out.writeBytes(ints);
        if (timeout != null) {
            out.writeShort(IntKey.RPC_TIMEOUT);
            writeText(out, timeout);
        }
        int written = out.writerIndex() - start - TTHeader.FIXED_BYTES;
        int padded = (written + 3) & ~3;
        out.writeZero(padded - written);
        out.setShort(start + TTHeader.HEADER_SIZE_OFFSET, padded / 4);
        TTHeaderWriter.patchLength(out, start);
        return true;
    }

    /** How many bytes the entries take; more than any header may have when one of them is too long to be written. */
    private static long size(String prefix, Map<String, String> entries) {
        if (entries.isEmpty()) {
            return 0;
        }
        long bytes = 0;
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            int key = prefix.length() + ByteBufUtil.utf8Bytes(entry.getKey());
            int value = ByteBufUtil.utf8Bytes(entry.getValue());
            if (key > MAX_TEXT_BYTES || value > MAX_TEXT_BYTES) {
                return TTHeader.MAX_HEADER_BYTES;
            }
            bytes += 2 * LENGTH_BYTES + key + value;
        }
        return bytes;
    }

    private static void add(ByteBuf out, String prefix, Map<String, String> entries) {
        if (entries.isEmpty()) {
            return;
        }
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            String key = entry.getKey();
            int keyBytes = ByteBufUtil.utf8Bytes(key);
            out.writeShort(prefix.length() + keyBytes);
            ByteBufUtil.writeAscii(out, prefix);
            ByteBufUtil.reserveAndWriteUtf8(out, key, keyBytes);
            writeText(out, entry.getValue());
        }
    }

    private static void writeText(ByteBuf out, String text) {
        int bytes = ByteBufUtil.utf8Bytes(text);
        out.writeShort(bytes);
        ByteBufUtil.reserveAndWriteUtf8(out, text, bytes);
    }
}
