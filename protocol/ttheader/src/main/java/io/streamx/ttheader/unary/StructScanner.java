package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.streamx.thrift.ThriftReader;
import io.streamx.thrift.ThriftType;

/**
 * Finds where a strict Thrift message without a length ends, in bytes that come piece by piece. Each byte is looked at
 * once, no value is decoded, and nothing is allocated. Values that nest deeper than {@link ThriftReader#MAX_DEPTH} are
 * refused. A scanner is for one message at a time, and for one thread.
 */
public final class StructScanner {
    /** Where the name begins, behind version, type and the length of the name. */
    private static final int NAME_AT = 8;

    private static final int SEQ_ID_BYTES = 4;
    private static final int FIELD_HEADER_BYTES = 3;

    /** The value in {@link #left} for a struct, which goes on until its end says so. */
    private static final int STRUCT = -1;

    /** For each depth, how many values the open value there lacks; keys and values of a map count one each. */
    private final long[] left = new long[ThriftReader.MAX_DEPTH + 1];
    /** For each depth, the types of the next value of an open container and of the one after that. */
    private final int[] nextType = new int[ThriftReader.MAX_DEPTH + 1];

    private final int[] typeAfter = new int[ThriftReader.MAX_DEPTH + 1];
    private int depth;
    /** The offset in the message up to which everything is known, which may lie beyond what is there. */
    private long position;
    /** How many bytes from {@link #position} on are needed before more can be told. */
    private int needed;

    /** Forgets the message. */
    public void reset() {
        depth = 0;
        position = 0;
    }

    /**
     * Goes on with the message that begins at {@code start}. It must be one message from one {@link #reset} to the
     * next.
     *
     * @param readable how many bytes of the message are there; no fewer than last time
     * @return whether the end of the message has been found, at {@link #minimumLength}
     * @throws MalformedMessageException for a negative length, an unknown type, or too deep a nesting
     */
    public boolean scan(ByteBuf in, int start, int readable) {
        if (position == 0) {
            if (isMissing(NAME_AT, readable)) {
                return false;
            }
            position = NAME_AT + length(in, start + NAME_AT - 4) + SEQ_ID_BYTES;
            open(STRUCT, ThriftType.STOP, ThriftType.STOP);
        }
        while (depth > 0) {
            boolean passed = left[depth] == STRUCT ? field(in, start, readable) : element(in, start, readable);
            if (!passed) {
                return false;
            }
        }
        return true;
    }

    /** The least length of the message in bytes; its exact length once {@link #scan} has found the end. */
    public long minimumLength() {
        return depth == 0 && position > 0 ? position : position + needed;
    }

    private boolean isMissing(int bytes, int readable) {
        needed = bytes;
        return position + bytes > readable;
    }

    private boolean field(ByteBuf in, int start, int readable) {
        if (isMissing(1, readable)) {
            return false;
        }
        int type = in.getByte(start + (int) position);
        if (type == ThriftType.STOP) {
            position++;
            depth--;
            return true;
        }
        return value(in, start, readable, type, FIELD_HEADER_BYTES);
    }

    private boolean element(ByteBuf in, int start, int readable) {
        int container = depth;
        if (left[container] == 0) {
            depth--;
            return true;
        }
        int type = nextType[container];
        if (!value(in, start, readable, type, 0)) {
            return false;
        }
        left[container]--;
        nextType[container] = typeAfter[container];
        typeAfter[container] = type;
        return true;
    }

    /** Passes or opens a value that {@code before} bytes of field header precede; false when too little is there. */
    private boolean value(ByteBuf in, int start, int readable, int type, int before) {
        int fixed = ThriftType.fixedBytes(type);
        if (fixed > 0) {
            position += before + fixed;
            return true;
        }
        int head = headBytes(type);
        if (isMissing(before + head, readable)) {
            return false;
        }
        int at = start + (int) position + before;
        position += before + head;
        switch (type) {
            case ThriftType.STRUCT -> open(STRUCT, ThriftType.STOP, ThriftType.STOP);
            case ThriftType.STRING -> position += length(in, at);
            case ThriftType.MAP -> {
                long size = length(in, at + 2);
                values(2 * size, in.getByte(at), in.getByte(at + 1));
            }
            default -> values(length(in, at + 1), in.getByte(at), in.getByte(at));
        }
        return true;
    }

    /** Opens the values of a container, whose types alternate. */
    private void values(long count, int type, int typeAfter) {
        int fixed = ThriftType.fixedBytes(type);
        int fixedAfter = ThriftType.fixedBytes(typeAfter);
        if (fixed > 0 && fixedAfter > 0) {
            position += count * (fixed + fixedAfter) / 2;
        } else if (count > 0) {
            open(count, type, typeAfter);
        }
    }

    private void open(long count, int type, int after) {
        if (depth == ThriftReader.MAX_DEPTH) {
            throw new MalformedMessageException(
                    "values nest deeper than " + ThriftReader.MAX_DEPTH + " at offset " + position);
        }
        depth++;
        left[depth] = count;
        nextType[depth] = type;
        typeAfter[depth] = after;
    }

    private long length(ByteBuf in, int at) {
        int length = in.getInt(at);
        if (length < 0) {
            throw new MalformedMessageException("a length of " + length + " before offset " + position);
        }
        return length;
    }

    /** How many bytes tell the length of a value whose type alone does not tell it. */
    private int headBytes(int type) {
        return switch (type) {
            case ThriftType.STRUCT -> 0;
            case ThriftType.STRING -> 4;
            case ThriftType.SET, ThriftType.LIST -> 5;
            case ThriftType.MAP -> 6;
            default ->
                throw new MalformedMessageException(
                        "a value of type " + type + " near offset " + position + " of a message without length");
        };
    }
}
