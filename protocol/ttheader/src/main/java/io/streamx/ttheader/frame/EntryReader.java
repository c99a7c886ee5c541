package io.streamx.ttheader.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of one connection's headers. Headers of one caller resemble each other: most have the int entries of the one
 * before, and the keys of its string entries with values of which few are new, such as the id of a trace. What is the same is taken
 * from memory instead of being made again. Not safe for threads.
 */
final class EntryReader {
    /** The longest int section that is remembered. */
    private static final int MAX_INT_SECTION_BYTES = 512;

    private ByteBuf intSection = Unpooled.EMPTY_BUFFER;
    private Map<Integer, String> knownInts = Map.of();
    private final @Nullable KnownText[] knownStrings = new KnownText[2 * FewTexts.MOST];

    /** Reads the sections between two indices, which must be sound: {@link TTHeaderReader} has checked them. */
    Entries read(ByteBuf frame, int start, int end) {
        Map<Integer, String> ints = null;
        Map<String, String> strings = null;
        int at = start;
        while (at < end) {
            int infoId = frame.getUnsignedByte(at++);
            switch (infoId) {
                case TTHeader.INFO_PADDING -> {}
                case TTHeader.INFO_INT_ENTRIES -> {
                    if (ints != null) {
                        return Entries.read(frame, start, end);
                    }
                    int length = intSectionLength(frame, at);
                    ints = ints(frame, at, length);
                    at += length;
                }
                case TTHeader.INFO_STRING_ENTRIES -> {
                    int count = frame.getUnsignedShort(at);
                    if (strings != null || count > FewTexts.MOST) {
                        return Entries.read(frame, start, end);
                    }
                    FewTexts few = new FewTexts(count);
                    at = readStrings(frame, at + 2, count, few);
                    strings = Collections.unmodifiableMap(few);
                }
                // Other sections are rare, and are left to the method that reads all of them.
                default -> {
                    return Entries.read(frame, start, end);
                }
            }
        }
        return new Entries(ints, strings);
    }

    private static int intSectionLength(ByteBuf frame, int sectionAt) {
        int count = frame.getUnsignedShort(sectionAt);
        int at = sectionAt + 2;
        for (int i = 0; i < count; i++) {
            at += 4 + frame.getUnsignedShort(at + 2);
        }
        return at - sectionAt;
    }

    private Map<Integer, String> ints(ByteBuf frame, int at, int length) {
        if (length == intSection.readableBytes() && ByteBufUtil.equals(intSection, 0, frame, at, length)) {
            return knownInts;
        }
        Map<Integer, String> ints = new LinkedHashMap<>();
        Entries.readInts(frame, at, ints);
        Map<Integer, String> read = Collections.unmodifiableMap(ints);
        if (length <= MAX_INT_SECTION_BYTES) {
            intSection = Unpooled.wrappedBuffer(ByteBufUtil.getBytes(frame, at, length));
            knownInts = read;
        }
        return read;
    }

    private int readStrings(ByteBuf frame, int first, int count, FewTexts into) {
        int at = first;
        for (int i = 0; i < count; i++) {
            int keyLength = frame.getUnsignedShort(at);
            String key = known(2 * i).read(frame, at + 2, keyLength);
            at += 2 + keyLength;
            int valueLength = frame.getUnsignedShort(at);
            into.add(key, known(2 * i + 1).read(frame, at + 2, valueLength));
            at += 2 + valueLength;
        }
        return at;
    }

    private KnownText known(int place) {
        KnownText known = knownStrings[place];
        if (known == null) {
            known = new KnownText();
            knownStrings[place] = known;
        }
        return known;
    }
}
