package io.streamx.cli;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the packets of a capture: pcap in both byte orders, with microseconds or nanoseconds, and pcapng. Nothing is read ahead
 * and no length is believed beyond {@link #MAX_BLOCK_BYTES}, so that a file takes the memory of one of its packets.
 */
final class CaptureFile {
    /** More than any program captures of one packet, which is 262,144 bytes. */
    static final int MAX_BLOCK_BYTES = 16 << 20;

    private static final int PCAP_MICROS = 0xa1b2c3d4;
    private static final int PCAP_NANOS = 0xa1b23c4d;
    private static final int PCAPNG = 0x0a0d0d0a;
    private static final int PCAPNG_BYTE_ORDER = 0x1a2b3c4d;
    private static final int INTERFACE = 1;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int OPTION_RESOLUTION = 9;
    private static final int PCAP_HEAD_BYTES = 20;
    private static final long NANOS = 1_000_000_000;
    /** A link type has 16 bits; the upper ones of pcap say something of checksums. */
    private static final int LINK_TYPE_MASK = 0xffff;

    private final Path file;
    private final InputStream in;
    private final Sink sink;
    private final List<Interface> interfaces = new ArrayList<>();
    private ByteOrder order = ByteOrder.BIG_ENDIAN;
    private long position;

    /** Takes packets in the order of the file. */
    interface Sink {
        /**
         * Takes a packet.
         *
         * @param linkType what the packet begins with, by the numbers of tcpdump.org
         * @param nanos when it was captured, since 1970; of a simple packet of pcapng, which has no time, 0
         * @param bytes what was captured of it, in any byte order; only until this returns
         * @param cutBytes how many more bytes it had
         */
        void packet(int linkType, long nanos, ByteBuffer bytes, int cutBytes);
    }

    /** What packets of one interface have in common: ticks of a second, and how much is captured of each. */
    private record Interface(int linkType, long ticks, int snapLength) {}

    private CaptureFile(Path file, InputStream in, Sink sink) {
        this.file = file;
        this.in = in;
        this.sink = sink;
    }

    /** Whether a file begins as captures do; false where it cannot be read. */
    static boolean isCapture(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] first = in.readNBytes(Integer.BYTES);
            if (first.length < Integer.BYTES) {
                return false;
            }
            int magic = ByteBuffer.wrap(first).getInt();
            int turned = Integer.reverseBytes(magic);
            return magic == PCAPNG || isPcap(magic) || isPcap(turned);
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static boolean isPcap(int magic) {
        return magic == PCAP_MICROS || magic == PCAP_NANOS;
    }

    /**
     * Reads a file to its end.
     *
     * @return a word on a last packet that did not come whole, as of a program that was killed; else empty
     * @throws BadInputException where the file breaks the format, naming the byte
     */
    static String read(Path file, Sink sink) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return new CaptureFile(file, in, sink).read();
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e, e);
        }
    }

    private String read() throws IOException {
        try {
            int magic = bytes(Integer.BYTES).getInt();
            if (magic == PCAPNG) {
                section();
                readBlocks();
            } else {
                order = isPcap(magic) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
                readPackets((isPcap(magic) ? magic : Integer.reverseBytes(magic)) == PCAP_NANOS);
            }
        } catch (EOFException e) {
            return "the capture ends within a packet, at byte " + position;
        }
        return "";
    }

    // ---- pcap ----

    private void readPackets(boolean hasNanos) throws IOException {
        ByteBuffer head = bytes(PCAP_HEAD_BYTES);
        int linkType = head.getInt(PCAP_HEAD_BYTES - Integer.BYTES) & LINK_TYPE_MASK;
        if (!PacketHeaders.knows(linkType)) {
            throw wrong("link type " + linkType, "one of " + PacketHeaders.KNOWN_LINK_TYPES);
        }
        while (hasMore()) {
            ByteBuffer packet = bytes(4 * Integer.BYTES);
            long seconds = Integer.toUnsignedLong(packet.getInt());
            long fraction = Integer.toUnsignedLong(packet.getInt());
            int captured = length("a packet", packet.getInt(), 0);
            int original = packet.getInt();
            long nanos = seconds * NANOS + (hasNanos ? fraction : fraction * 1000);
            sink.packet(linkType, nanos, bytes(captured), Math.max(0, original - captured));
        }
    }

    // ---- pcapng ----

    private void readBlocks() throws IOException {
        while (hasMore()) {
            int type = bytes(Integer.BYTES).getInt();
            if (type == PCAPNG) {
                section();
                continue;
            }
            int length = length("a block", bytes(Integer.BYTES).getInt(), 3 * Integer.BYTES);
            ByteBuffer body = bytes(length - 3 * Integer.BYTES);
            if (bytes(Integer.BYTES).getInt() != length) {
                throw wrong("a block of " + length + " bytes that does not say so at its end", "the length once more");
            }
            try {
                block(type, body);
            } catch (java.nio.BufferUnderflowException e) {
                throw wrong("a block of type " + type + " with " + length + " bytes", "more of them");
            }
        }
    }

    /** What follows the type of a section's header, which says the byte order of the section and ends the one before. */
    private void section() throws IOException {
        ByteBuffer lengthInSomeOrder = bytes(Integer.BYTES);
        int byteOrder = bytes(Integer.BYTES).order(ByteOrder.BIG_ENDIAN).getInt();
        if (byteOrder != PCAPNG_BYTE_ORDER && Integer.reverseBytes(byteOrder) != PCAPNG_BYTE_ORDER) {
            throw wrong("byte order 0x%08x".formatted(byteOrder), "0x1a2b3c4d in either order");
        }
        order = byteOrder == PCAPNG_BYTE_ORDER ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        int head = 3 * Integer.BYTES;
        int length = length("a section's header", lengthInSomeOrder.order(order).getInt(0), head + 4 * Integer.BYTES);
        ByteBuffer unused = bytes(length - head);
        interfaces.clear();
    }

    private void block(int type, ByteBuffer body) {
        if (type == INTERFACE) {
            int linkType = Short.toUnsignedInt(body.getShort());
            short unused = body.getShort();
            int snapLength = body.getInt();
            interfaces.add(new Interface(linkType, ticks(body), snapLength));
        } else if (type == ENHANCED_PACKET) {
            Interface of = interfaceOf(body.getInt());
            long time = Integer.toUnsignedLong(body.getInt()) << Integer.SIZE | Integer.toUnsignedLong(body.getInt());
            int captured = body.getInt();
            int original = body.getInt();
            packet(of, nanos(time, of.ticks), body, captured, original);
        } else if (type == SIMPLE_PACKET) {
            Interface of = interfaceOf(0);
            int original = body.getInt();
            int limit = of.snapLength <= 0 ? original : Math.min(original, of.snapLength);
            packet(of, 0, body, Math.min(limit, body.remaining()), original);
        }
        // Every other type of block comments on packets, or is private to the program that wrote the file.
    }

    private void packet(Interface of, long nanos, ByteBuffer body, int captured, int original) {
        if (captured < 0 || captured > body.remaining()) {
            throw wrong(
                    "a packet of " + captured + " bytes in a block with " + body.remaining(), "a part of the block");
        }
        sink.packet(of.linkType, nanos, body.slice(body.position(), captured), Math.max(0, original - captured));
    }

    private Interface interfaceOf(int number) {
        if (number < 0 || number >= interfaces.size()) {
            throw wrong("a packet of interface " + number, "one of the " + interfaces.size() + " before it");
        }
        return interfaces.get(number);
    }

    /** How many ticks a second has by the options of an interface; a million where none says so. */
    private static long ticks(ByteBuffer options) {
        while (options.remaining() >= 2 * Short.BYTES) {
            int code = Short.toUnsignedInt(options.getShort());
            int length = Short.toUnsignedInt(options.getShort());
            if (code == 0 || length > options.remaining()) {
                break;
            }
            if (code == OPTION_RESOLUTION && length == 1) {
                int exponent = options.get(options.position()) & 0x7f;
                boolean isBinary = options.get(options.position()) < 0;
                if (exponent > (isBinary ? 62 : 18)) {
                    break;
                }
                return isBinary ? 1L << exponent : power(exponent);
            }
            // Options are filled up to four bytes.
            options.position(Math.min(options.limit(), options.position() + (length + 3 & ~3)));
        }
        return 1_000_000;
    }

    private static long power(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }

    private static long nanos(long time, long ticks) {
        long seconds = Long.divideUnsigned(time, ticks);
        double rest = (double) Long.remainderUnsigned(time, ticks) / ticks;
        return seconds * NANOS + Math.round(rest * NANOS);
    }

    // ---- bytes ----

    private boolean hasMore() throws IOException {
        in.mark(1);
        boolean more = in.read() >= 0;
        in.reset();
        return more;
    }

    private ByteBuffer bytes(int count) throws IOException {
        byte[] read = in.readNBytes(count);
        position += read.length;
        if (read.length < count) {
            throw new EOFException();
        }
        return ByteBuffer.wrap(read).order(order);
    }

    private int length(String what, int length, int least) {
        if (length < least || length > MAX_BLOCK_BYTES) {
            throw wrong(what + " of " + Integer.toUnsignedString(length) + " bytes", least + " to " + MAX_BLOCK_BYTES);
        }
        return length;
    }

    private BadInputException wrong(String what, String expected) {
        return new BadInputException(file + ": " + what + " near byte " + position + " (expected: " + expected + ")");
    }
}
