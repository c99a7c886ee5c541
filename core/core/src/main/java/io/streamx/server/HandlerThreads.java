package io.streamx.server;

import io.streamx.BizStatusException;
import io.streamx.DeclaredException;
import io.streamx.StatusException;
import io.streamx.UnimplementedException;
import io.streamx.net.LoopThreads;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.wire.Logs;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.Thrown;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of handlers, a virtual one for each call, and how many of them run. Safe from any thread. */
final class HandlerThreads {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final ServerSettings settings;
    /** Counted only where there is a limit: all calls would meet on the counter. */
    private final @Nullable AtomicInteger running;

    HandlerThreads(ServerSettings settings) {
        this.settings = settings;
        running = settings.maxRunningCalls() == Integer.MAX_VALUE ? null : new AtomicInteger();
    }

    /** Runs {@code task} for a call of {@code method} on a new thread. */
    void start(BoundMethod<?, ?> method, ServerCallContext context, Runnable task) {
        AtomicInteger counter = running;
        Runnable counted = task;
        if (counter != null) {
            counter.incrementAndGet();
            counted = () -> {
                try {
                    task.run();
                } finally {
                    counter.decrementAndGet();
                }
            };
        }
        String name = method.descriptor().toString();
        Thread thread = settings.handlersOnLoops()
                ? LoopThreads.unstarted(context.loop(), name, counted)
                : Thread.ofVirtual().name(name).unstarted(counted);
        thread.start();
    }

    /** Why no more calls are run at the moment; null when they are. */
    @Nullable
    String refusal() {
        if (running == null || running.get() < settings.maxRunningCalls()) {
            return null;
        }
        return "too many calls are running: " + running.get() + " (expected: at most " + settings.maxRunningCalls()
                + ", the setting maxRunningCalls of the server)";
    }

    /** Errors that nobody chose are logged; agreed outcomes and what follows from a cancel are not. */
    static void log(ServerCallContext context, Throwable failure) {
        boolean agreed = failure instanceof BizStatusException
                || failure instanceof DeclaredException
                || failure instanceof StatusException
                || failure instanceof UnimplementedException;
        if (agreed || context.isCancelled()) {
            Logs.debug(LOG, "{}.{} ended with {}", context.service(), context.method(), Thrown.text(failure));
        } else {
            Logs.warn(
                    LOG,
                    "{}.{}, called from {}, failed",
                    context.service(),
                    context.method(),
                    context.remoteAddress(),
                    failure);
        }
    }
}
