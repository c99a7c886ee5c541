package io.streamx.net;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.RawUnixChannelOption;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Makes a listening socket of Linux deaf to new connections while it stays open: a packet filter on the socket drops every
 * first packet of a handshake (SYN), which the peer's system sends again a second later, and lets all others pass. What
 * is connected by then can be accepted without another connection slipping in before the socket is closed.
 */
final class SynFilter {
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    /** {@code struct sock_fprog} on a 64 bit system: a count, padding, and the address of the instructions. */
    private static final int PROGRAM_BYTES = 16;

    /** A filter of a TCP socket sees a packet from its TCP header on; byte 13 holds the flags. */
    private static final int FLAGS_OFFSET = 13;

    private static final int SYN_AND_ACK = 0x12;
    private static final int SYN = 0x02;

    private static final RawUnixChannelOption ATTACH_FILTER =
            new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM_BYTES);

    private static final int INSTRUCTIONS = 5;
    private static final int INSTRUCTION_BYTES = 8;

    private SynFilter() {}

    /** Says whether the socket takes no new connections now; a system may refuse, and the socket is as before then. */
    static boolean attach(EpollServerSocketChannel listener) {
        if (Buffer.addressSize() != Long.BYTES || !listener.isActive()) {
            return false;
        }
        ByteBuffer instructions = direct(INSTRUCTIONS * INSTRUCTION_BYTES);
        ByteBuffer program = direct(PROGRAM_BYTES);
        try {
            // load byte; and; jump if equal; return: the operations of classic BPF.
            instruction(instructions, 0x30, 0, 0, FLAGS_OFFSET);
            instruction(instructions, 0x54, 0, 0, SYN_AND_ACK);
            instruction(instructions, 0x15, 0, 1, SYN);
            instruction(instructions, 0x06, 0, 0, 0);
            instruction(instructions, 0x06, 0, 0, -1);
            program.putShort(0, (short) INSTRUCTIONS).putLong(Long.BYTES, Buffer.memoryAddress(instructions));
            return listener.config().setOption(ATTACH_FILTER, program);
        } catch (ChannelException refused) {
            return false;
        } finally {
            // The system reads the instructions through an address, which keeps no buffer alive.
            Reference.reachabilityFence(instructions);
        }
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    private static void instruction(ByteBuffer to, int code, int ifTrue, int ifFalse, int operand) {
        to.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(operand);
    }
}
