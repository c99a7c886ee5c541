package io.streamx.net;

import io.netty.channel.EventLoop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads that an event loop schedules: when one of them goes on, it does so as a task of the loop, on the
 * loop's own thread. No JDK up to 25 offers that to applications, but its threads are built for it: the builder of
 * virtual threads has a constructor that takes a scheduler. The constructor can be called when {@code java.lang} is
 * open to this code.
 */
public final class LoopThreads {
    private static final @Nullable Constructor<?> BUILDER;
    /** The scheduler of a virtual thread. */
    private static final @Nullable VarHandle SCHEDULER;
    /** Runs the continuations of threads whose event loop has ended, or that have computed for too long there. */
    private static final Executor ELSEWHERE;

    private static final String OBSTACLE;

    static {
        Constructor<?> builder = null;
        VarHandle scheduler = null;
        Executor elsewhere = ForkJoinPool.commonPool();
        String obstacle = "";
        try {
            builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            builder.setAccessible(true);
            Class<?> virtualThread = Class.forName("java.lang.VirtualThread");
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(virtualThread, MethodHandles.lookup());
            scheduler = lookup.findVarHandle(virtualThread, "scheduler", Executor.class);
            elsewhere = (Executor) scheduler.get(Thread.ofVirtual().unstarted(() -> {}));
        } catch (ReflectiveOperationException e) {
            builder = null;
            obstacle = "JDK " + Runtime.version() + " does not schedule virtual threads as needed (" + e
                    + "; expected: one of JDK 21 to 25)";
        } catch (RuntimeException e) {
            builder = null;
            Module own = LoopThreads.class.getModule();
            obstacle = "java.lang is not open to StreamX (expected: JVM option --add-opens java.base/java.lang="
                    + (own.isNamed()
                            ? own.getName()
                            : "ALL-UNNAMED, or Add-Opens: java.base/java.lang in the manifest of the application's jar")
                    + ")";
        }
        BUILDER = builder;
        SCHEDULER = scheduler;
        ELSEWHERE = elsewhere;
        OBSTACLE = obstacle;
    }

    private LoopThreads() {}

    /** Whether this process can have threads that an event loop schedules. */
    public static boolean isAvailable() {
        return BUILDER != null;
    }

    /** Why this process cannot have threads that an event loop schedules, and what would help; empty when it can. */
    public static String obstacle() {
        return OBSTACLE;
    }

    /**
     * A virtual thread that {@code loop} schedules, not started.
     *
     * @throws IllegalStateException when this process cannot have such threads, which {@link #isAvailable} says
     */
    public static Thread unstarted(EventLoop loop, String name, Runnable task) {
        if (BUILDER == null) {
            throw new IllegalStateException(OBSTACLE);
        }
        try {
            LoopScheduler scheduler = new LoopScheduler(loop, ELSEWHERE);
            Thread.Builder.OfVirtual builder = (Thread.Builder.OfVirtual) BUILDER.newInstance(scheduler);
            Thread thread = builder.name(name).unstarted(task);
            scheduler.schedules(thread);
            return thread;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a virtual thread on an event loop", e);
        }
    }

    /** The event loop that schedules the current thread; null when none does. */
    public static @Nullable EventLoop current() {
        Thread thread = Thread.currentThread();
        return SCHEDULER != null && thread.isVirtual() && SCHEDULER.get(thread) instanceof LoopScheduler scheduler
                ? scheduler.loopOf(thread)
                : null;
    }
}
