package io.streamx.client;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.streamx.StreamThreads;
import io.streamx.net.EventLoops;
import io.streamx.net.LoopThreads;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loops that schedule the callers of one client. The connections that callers share are numbered, which is
 * their slot, and are spread over these loops by slot. A caller gets a connection of its own loop: a message then stays
 * on one thread of the operating system from the socket to the caller. Safe from any thread.
 */
final class CallerLoops implements ThreadFactory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Client.class);

    private final EventLoops users;
    private final List<EventLoop> loops;
    private final int slots;
    private final String name;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * The loops for the client of {@code service}, which has {@code slots} connections to one address. Null where the
     * JDK schedules callers, because nothing else was asked for or is possible. Where event loops were asked for, the
     * log says what schedules the callers.
     */
    static @Nullable CallerLoops of(String service, int slots, StreamThreads threads) {
        if (threads == StreamThreads.VIRTUAL) {
            return null;
        }
        if (!LoopThreads.isAvailable()) {
            LOG.warn(
                    "callers of the client for {} are scheduled by the JDK and not by its event loops: {}",
                    service,
                    LoopThreads.obstacle());
            return null;
        }
        LOG.info("callers of the client for {} are scheduled by its event loops, on its threadFactory()", service);
        return new CallerLoops(service, slots);
    }

    private CallerLoops(String service, int slots) {
        this.slots = slots;
        name = "caller of " + service;
        users = EventLoops.acquire();
        List<EventLoop> all = users.loops();
        loops = all.subList(0, Math.min(slots, all.size()));
    }

    /** A thread that the next of the loops schedules. */
    @Override
    public Thread newThread(Runnable task) {
        return LoopThreads.unstarted(loops.get(Math.floorMod(turn.getAndIncrement(), loops.size())), name, task);
    }

    /** The slot of a connection for the current thread; {@link Connector#ANY_SLOT} when no loop of these schedules it. */
    int slotOfThisThread() {
        EventLoop loop = LoopThreads.current();
        int index = loop == null ? -1 : loops.indexOf(loop);
        if (index < 0) {
            return Connector.ANY_SLOT;
        }
        int choices = (slots - index + loops.size() - 1) / loops.size();
        return choices == 1 ? index : index + loops.size() * Math.floorMod(turn.getAndIncrement(), choices);
    }

    /**
     * The loop of the connection of {@code slot}; for {@link Connector#ANY_SLOT} the loop of the caller, if the caller
     * has one.
     */
    EventLoopGroup loopsFor(int slot, EventLoopGroup any) {
        if (slot != Connector.ANY_SLOT) {
            return loops.get(slot % loops.size());
        }
        EventLoop loop = LoopThreads.current();
        return loop != null ? loop : any;
    }

    /** Ends the loops. Threads that still run go on with the JDK's scheduler. */
    @Override
    public void close() {
        users.close();
    }
}
