package io.streamx.server;

import io.streamx.net.LoopThreads;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.wire.ServerCallContext;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The threads of handlers, a virtual one for each call, and how many of them run. Safe from any thread. */
final class HandlerThreads {
    private final ServerSettings settings;
    private final HandlerFailureLog failures = new HandlerFailureLog(System::nanoTime);
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

    /** How many handlers run; empty where there is no limit. */
    OptionalInt running() {
        return running == null ? OptionalInt.empty() : OptionalInt.of(running.get());
    }

    /** What the log says of calls that fail. */
    HandlerFailureLog failures() {
        return failures;
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
}
