package io.streamx.resilience;

import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.RpcException;
import io.streamx.endpoint.PolicyListener;
import io.streamx.middleware.ClientCall;
import io.streamx.middleware.UnaryMiddleware.Caller;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes a call, and makes it a second time beside the first when no answer comes for a while. */
final class Backup {
    private Backup() {}

    /** How one of the two calls ended. */
    private record Ended(@Nullable Object result, @Nullable Throwable failure) {
        /** Whether this is an answer of the server, if only an agreed error, so that the other call need not be waited for. */
        boolean isAnswer() {
            return failure == null || FailureKind.of(failure) == FailureKind.ANSWER;
        }
    }

    static @Nullable Object call(
            BackupPolicy policy, Budget budget, Caller next, ClientCall call, Object request, PolicyListener events) {
        budget.called(System.nanoTime());
        BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
        try (CancellableContext both = CallContext.current().cancellable()) {
            start(both, next, call, request, ended);
            int running = 1;
            Ended first = ended.poll(policy.delay().toNanos(), TimeUnit.NANOSECONDS);
            if (first == null && budget.take(policy.budget(), System.nanoTime())) {
                events.onExtra(call, PolicyListener.Extra.BACKUP);
                start(both, next, call.withAttempt(call.attempt() + 1), request, ended);
                running++;
            }
            Ended best = first != null ? first : ended.take();
            if (running == 2 && !best.isAnswer()) {
                best = ended.take();
            }
            return resultOf(best);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(
                    "thread was interrupted while it waited for the reply of " + call.service() + "." + call.method(),
                    e);
        }
    }

    private static void start(
            CancellableContext context, Caller next, ClientCall call, Object request, BlockingQueue<Ended> ended) {
        Thread.ofVirtual().name(call.service() + "." + call.method()).start(context.wrap(() -> {
            try {
                ended.add(new Ended(next.call(call, request), null));
            } catch (Throwable t) {
                ended.add(new Ended(null, t));
            }
        }));
    }

    private static @Nullable Object resultOf(Ended ended) {
        return switch (ended.failure()) {
            case null -> ended.result();
            case RpcException failure -> throw failure.onThisThread();
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case Throwable failure -> throw new RpcException(String.valueOf(failure), failure);
        };
    }
}
