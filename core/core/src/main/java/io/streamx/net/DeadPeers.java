package io.streamx.net;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/**
 * The options of a socket by which a peer that has vanished without a word is noticed: by TCP's own probes while
 * nothing is sent, and by bytes that nobody acknowledges while something is. The peer's system answers both, whatever
 * its program is doing.
 */
public final class DeadPeers {
    private static final int PROBES = 3;

    private DeadPeers() {}

    /**
     * The options of a connection whose peer is taken for gone after {@code timeout}, which is at least {@link #MIN_TIMEOUT};
     * zero leaves all to the system, which takes two hours and a quarter of an hour.
     *
     * <p>Without epoll, bytes that nobody acknowledges are left to the system.
     */
    public static Map<ChannelOption<?>, Object> options(Duration timeout) {
        Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
        options.put(ChannelOption.SO_KEEPALIVE, true);
        if (timeout.isZero()) {
            return options;
        }
        int seconds = (int) Math.min(timeout.toSeconds(), Short.MAX_VALUE);
        int interval = Math.max(1, seconds / (2 * PROBES));
        int idle = Math.max(1, seconds - PROBES * interval);
        if (Epoll.isAvailable()) {
            options.put(EpollChannelOption.TCP_KEEPIDLE, idle);
            options.put(EpollChannelOption.TCP_KEEPINTVL, interval);
            options.put(EpollChannelOption.TCP_KEEPCNT, PROBES);
            options.put(EpollChannelOption.TCP_USER_TIMEOUT, Math.toIntExact(1000L * seconds));
        } else {
            options.put(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), idle);
            options.put(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), interval);
            options.put(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
        }
        return options;
    }

    /** The shortest time in which three probes can be sent and not be answered. */
    public static final Duration MIN_TIMEOUT = Duration.ofSeconds(4);

    /**
     * Checks the setting {@code name}.
     *
     * @throws IllegalArgumentException when the timeout is too short, naming the setting and its value
     */
    public static Duration checked(String name, Duration timeout) {
        if (!timeout.isZero() && timeout.compareTo(MIN_TIMEOUT) < 0) {
            throw new IllegalArgumentException(name + ": " + timeout + " (expected: " + MIN_TIMEOUT.toSeconds()
                    + " s or more, or zero for never)");
        }
        return timeout;
    }

    /** Sets one of {@link #options}. */
    @SuppressWarnings("unchecked") // the map was filled with each option's own type
    public static void set(Setter setter, Map<ChannelOption<?>, Object> options) {
        options.forEach((option, value) -> setter.set((ChannelOption<Object>) option, value));
    }

    /** Takes an option for a socket. */
    public interface Setter {
        /** Sets {@code option} to {@code value}. */
        void set(ChannelOption<Object> option, Object value);
    }
}
