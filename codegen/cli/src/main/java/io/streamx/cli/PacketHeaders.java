package io.streamx.cli;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes the headers off packets, down to what TCP carries: those of Ethernet with VLANs, of Linux' cooked captures, of loopback
 * interfaces, of IPv4 and IPv6. Counts what it cannot read. For one thread.
 */
final class PacketHeaders {
    static final String KNOWN_LINK_TYPES =
            "0 and 108 (loopback), 1 (Ethernet), 12, 14 and 101 (IP), 113 and 276 (Linux cooked), 228 (IPv4), 229 (IPv6)";

    private static final int LOOPBACK = 0;
    private static final int ETHERNET = 1;
    private static final int COOKED = 113;
    private static final int LOOPBACK_OF_OPENBSD = 108;
    private static final int COOKED_2 = 276;

    private static final int ADDRESSES_OF_ETHERNET = 12;
    private static final int COOKED_BYTES = 14;
    private static final int COOKED_2_REST = 18;
    private static final int MAX_VLANS = 8;
    private static final int MAX_EXTENSIONS = 16;
    private static final int IPV4_HEAD = 20;
    private static final int IPV6_ADDRESS = 16;
    private static final int TCP = 6;
    private static final int TCP_HEAD = 20;

    private final Map<String, Integer> leftOut = new TreeMap<>();

    /** One end of a connection. */
    record Endpoint(InetAddress address, int port) {
        @Override
        public String toString() {
            return NetUtil.toSocketAddressString(new InetSocketAddress(address, port));
        }
    }

    /** A packet of TCP. */
    static final class Segment {
        private final Endpoint from;
        private final Endpoint to;
        private final int sequence;
        private final int flags;
        private final byte[] bytes;
        private final int cutBytes;

        /** Keeps {@code bytes}, which nobody changes from now on. */
        Segment(Endpoint from, Endpoint to, int sequence, int flags, byte[] bytes, int cutBytes) {
            this.from = from;
            this.to = to;
            this.sequence = sequence;
            this.flags = flags;
            this.bytes = bytes;
            this.cutBytes = cutBytes;
        }

        Endpoint from() {
            return from;
        }

        Endpoint to() {
            return to;
        }

        int sequence() {
            return sequence;
        }

        /** What was captured of the payload. Not to be changed. */
        byte[] bytes() {
            return bytes;
        }

        /** How many bytes of the payload were not captured. */
        int cutBytes() {
            return cutBytes;
        }

        boolean isSyn() {
            return (flags & 2) != 0;
        }

        boolean isAck() {
            return (flags & 16) != 0;
        }

        boolean isFin() {
            return (flags & 1) != 0;
        }

        boolean isReset() {
            return (flags & 4) != 0;
        }
    }

    /** Whether packets of that link type can be read. */
    static boolean knows(int linkType) {
        return switch (linkType) {
            case LOOPBACK, ETHERNET, 12, 14, 101, LOOPBACK_OF_OPENBSD, COOKED, COOKED_2, 228, 229 -> true;
            default -> false;
        };
    }

    /** What was left out and how often, in words; empty when nothing was. */
    Map<String, Integer> leftOut() {
        return leftOut;
    }

    /** The segment of TCP in a packet; null where there is none, or none that can be read. */
    @Nullable
    Segment segment(int linkType, ByteBuffer packet, int cutBytes) {
        packet.order(ByteOrder.BIG_ENDIAN);
        try {
            return knows(linkType) && skipLink(linkType, packet)
                    ? ip(packet, cutBytes)
                    : leaveOut(knows(linkType) ? "packets that are not IP" : "packets of link type " + linkType);
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            return leaveOut("packets that end within their headers");
        }
    }

    private @Nullable Segment leaveOut(String what) {
        leftOut.merge(what, 1, Integer::sum);
        return null;
    }

    /** Whether IP follows. */
    private static boolean skipLink(int linkType, ByteBuffer packet) {
        return switch (linkType) {
            // The address family differs from system to system; the version of IP says as much.
            case LOOPBACK, LOOPBACK_OF_OPENBSD -> skip(packet, Integer.BYTES);
            case ETHERNET -> skip(packet, ADDRESSES_OF_ETHERNET) && skipEtherType(packet, 0);
            case COOKED -> skip(packet, COOKED_BYTES) && skipEtherType(packet, 0);
            case COOKED_2 -> skipEtherType(packet, COOKED_2_REST);
            default -> true;
        };
    }

    /** Whether the type says that IP follows, perhaps with VLANs in between; {@code rest} bytes stand behind the type. */
    private static boolean skipEtherType(ByteBuffer packet, int rest) {
        int type = Short.toUnsignedInt(packet.getShort());
        return skip(packet, rest) && (isIp(type) || (isVlan(type) && skipVlan(packet)));
    }

    private static boolean skipVlan(ByteBuffer packet) {
        for (int i = 0; i < MAX_VLANS; i++) {
            skip(packet, Short.BYTES);
            int type = Short.toUnsignedInt(packet.getShort());
            if (!isVlan(type)) {
                return isIp(type);
            }
        }
        return false;
    }

    private static boolean isIp(int etherType) {
        return etherType == 0x0800 || etherType == 0x86dd;
    }

    private static boolean isVlan(int etherType) {
        return etherType == 0x8100 || etherType == 0x88a8;
    }

    private @Nullable Segment ip(ByteBuffer packet, int cutBytes) {
        return switch (packet.get(packet.position()) >> 4 & 0xf) {
            case 4 -> ipv4(packet, cutBytes);
            case 6 -> ipv6(packet, cutBytes);
            default -> leaveOut("packets that are not IP");
        };
    }

    private @Nullable Segment ipv4(ByteBuffer packet, int cutBytes) {
        int start = packet.position();
        int head = (packet.get(start) & 0xf) * Integer.BYTES;
        int total = Short.toUnsignedInt(packet.getShort(start + 2));
        int fragment = packet.getShort(start + 6) & 0x3fff;
        int protocol = packet.get(start + 9);
        InetAddress from = address(packet, start + 12, Integer.BYTES);
        InetAddress to = address(packet, start + 16, Integer.BYTES);
        if (head < IPV4_HEAD) {
            throw new IllegalArgumentException("head of " + head + " bytes");
        }
        skip(packet, head);
        // A network card that cuts packets itself is given them without a length.
        int payload = total == 0 ? packet.remaining() + cutBytes : total - head;
        return fragment == 0 ? tcp(protocol, from, to, packet, payload) : leaveOut("fragments of IP packets");
    }

    private @Nullable Segment ipv6(ByteBuffer packet, int cutBytes) {
        int start = packet.position();
        int length = Short.toUnsignedInt(packet.getShort(start + 4));
        int next = packet.get(start + 6) & 0xff;
        InetAddress from = address(packet, start + 8, IPV6_ADDRESS);
        InetAddress to = address(packet, start + 8 + IPV6_ADDRESS, IPV6_ADDRESS);
        skip(packet, 8 + 2 * IPV6_ADDRESS);
        int left = length == 0 ? packet.remaining() + cutBytes : length;
        for (int i = 0; i < MAX_EXTENSIONS && isExtension(next); i++) {
            int at = packet.position();
            int bytes = next == 51
                    ? ((packet.get(at + 1) & 0xff) + 2) * Integer.BYTES
                    : ((packet.get(at + 1) & 0xff) + 1) * Long.BYTES;
            next = packet.get(at) & 0xff;
            skip(packet, bytes);
            left -= bytes;
        }
        return next == 44 ? leaveOut("fragments of IP packets") : tcp(next, from, to, packet, left);
    }

    /** Headers between those of IPv6 and TCP: for every hop, routing, authentication, for the destination. */
    private static boolean isExtension(int next) {
        return next == 0 || next == 43 || next == 51 || next == 60;
    }

    private @Nullable Segment tcp(int protocol, InetAddress from, InetAddress to, ByteBuffer packet, int payload) {
        if (protocol != TCP) {
            return leaveOut("IP packets that are not TCP");
        }
        int start = packet.position();
        int fromPort = Short.toUnsignedInt(packet.getShort(start));
        int toPort = Short.toUnsignedInt(packet.getShort(start + 2));
        int sequence = packet.getInt(start + 4);
        int head = (packet.get(start + 12) >> 4 & 0xf) * Integer.BYTES;
        int flags = packet.get(start + 13);
        if (head < TCP_HEAD || payload < head) {
            throw new IllegalArgumentException("head of " + head + " bytes");
        }
        skip(packet, head);
        int length = payload - head;
        // What is captured behind the length is filled up, as Ethernet does with short packets.
        byte[] bytes = new byte[Math.min(length, packet.remaining())];
        packet.get(bytes);
        return new Segment(
                new Endpoint(from, fromPort), new Endpoint(to, toPort), sequence, flags, bytes, length - bytes.length);
    }

    /** Skips bytes. It returns true always, so that it can stand in a chain of conditions. */
    private static boolean skip(ByteBuffer packet, int bytes) {
        packet.position(packet.position() + bytes);
        return true;
    }

    private static InetAddress address(ByteBuffer packet, int at, int length) {
        byte[] bytes = new byte[length];
        packet.get(at, bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(length + " bytes are no address", e);
        }
    }
}
