package io.streamx.ttheader.frame;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a header, copied out of its buffer.
 *
 * @param ints the int entries, unmodifiable; null without an int section
 * @param strings the string entries, unmodifiable, an ACL token among them; null without a string section and a token
 */
record Entries(
        @Nullable Map<Integer, String> ints, @Nullable Map<String, String> strings) {

    /** Reads the sections between two indices. The sections must be sound, which {@link TTHeaderReader} has checked. */
    static Entries read(ByteBuf frame, int start, int end) {
        Map<Integer, String> ints = null;
        Map<String, String> strings = null;
        int at = start;
        while (at < end) {
            int infoId = frame.getUnsignedByte(at++);
            switch (infoId) {
                case TTHeader.INFO_PADDING -> {}
                case TTHeader.INFO_INT_ENTRIES -> {
                    ints = ints == null ? new LinkedHashMap<>() : ints;
                    at = readInts(frame, at, ints);
                }
                case TTHeader.INFO_STRING_ENTRIES -> {
                    strings = strings == null ? new LinkedHashMap<>() : strings;
                    at = readStrings(frame, at, strings);
                }
                case TTHeader.INFO_ACL_TOKEN -> {
                    strings = strings == null ? new LinkedHashMap<>() : strings;
                    strings.put(StringKey.ACL_TOKEN, text(frame, at + 2));
                    at += 2 + frame.getUnsignedShort(at);
                }
                default -> throw new AssertionError("info id " + infoId + " after the header was checked");
            }
        }
        return new Entries(
                ints == null ? null : Collections.unmodifiableMap(ints),
                strings == null ? null : Collections.unmodifiableMap(strings));
    }

    /** Reads the section that begins with its count at {@code sectionAt}; returns where it ends. */
    static int readInts(ByteBuf frame, int sectionAt, Map<Integer, String> ints) {
        int count = frame.getUnsignedShort(sectionAt);
        int at = sectionAt + 2;
        for (int i = 0; i < count; i++) {
            ints.put(frame.getUnsignedShort(at), text(frame, at + 4));
            at += 4 + frame.getUnsignedShort(at + 2);
        }
        return at;
    }

    private static int readStrings(ByteBuf frame, int sectionAt, Map<String, String> strings) {
        int count = frame.getUnsignedShort(sectionAt);
        int at = sectionAt + 2;
        for (int i = 0; i < count; i++) {
            String key = text(frame, at + 2);
            at += 2 + frame.getUnsignedShort(at);
            strings.put(key, text(frame, at + 2));
            at += 2 + frame.getUnsignedShort(at);
        }
        return at;
    }

    /** The text at {@code at}, whose length is in the two bytes before. */
    static String text(ByteBuf frame, int at) {
        return frame.toString(at, frame.getUnsignedShort(at - 2), StandardCharsets.UTF_8);
    }
}
