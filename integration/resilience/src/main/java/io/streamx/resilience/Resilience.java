package io.streamx.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.streamx.AttributeKey;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.ClientStream;
import io.streamx.ConnectionInfo.Side;
import io.streamx.RpcException;
import io.streamx.ServerStreamingClient;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.StreamingMode;
import io.streamx.balancer.Balancer;
import io.streamx.client.Client;
import io.streamx.endpoint.Extension;
import io.streamx.endpoint.LifecycleListener;
import io.streamx.endpoint.PolicyListener;
import io.streamx.endpoint.PolicyListener.Extra;
import io.streamx.endpoint.PolicyListener.Refusal;
import io.streamx.middleware.ClientCall;
import io.streamx.middleware.ClientStreamMiddleware.Opener;
import io.streamx.middleware.ServerMiddleware;
import io.streamx.middleware.UnaryMiddleware.Caller;
import io.streamx.server.Server;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Retries, backup requests, circuit breakers, limits and fallbacks of the clients and servers it is installed into. One
 * object for one service called, or one server: its breakers, budgets and limits count for all it is installed into together.
 * Safe from any thread; its policies may change while calls run.
 *
 * <pre>{@code
 * Resilience resilience = Resilience.of(Policies.NONE
 *         .withRetry("Get", RetryPolicy.idempotent(3))
 *         .withBreaker("*", BreakerPolicy.of(0.5, 100)));
 * Client.builder("a.b.c").install(resilience)
 * }</pre>
 *
 * <p>From the outside in: fallback, degradation, limit, then for each attempt of a retry or backup the breaker of the method and the
 * timeout; the breaker of the instance decides where an attempt goes, once {@link #balancer} is given to the client.
 */
public final class Resilience implements Extension {
    private final Breakers breakers = new Breakers(this::breakerOf);
    private final Map<String, Budget> budgets = new ConcurrentHashMap<>();
    private final Map<String, Fallback> fallbacks = new ConcurrentHashMap<>();
    private final Limiter clientLimit = new Limiter(() -> effective().limit());
    private final Limiter serverLimit = new Limiter(() -> effective().limit());
    /** What listeners see of both limits; one object each, so that nobody counts a limit twice that several clients share. */
    private final PolicyListener.CallLimit clientLimitSeen = clientLimit.seenAt(Side.CLIENT);

    private final PolicyListener.CallLimit serverLimitSeen = serverLimit.seenAt(Side.SERVER);
    private final Policies own;
    /**
     * Whether a stream still holds its place under the limit. Each object of this class has a key of its own, since two of them
     * may be installed into one client.
     */
    private final AttributeKey<AtomicBoolean> held = AttributeKey.named("resilience");

    private volatile Policies effective;

    private Resilience(Policies own) {
        this.own = own;
        effective = own;
    }

    /** Retries, limits and all else as {@code policies} say. */
    public static Resilience of(Policies policies) {
        return new Resilience(Objects.requireNonNull(policies, "policies"));
    }

    /** Answers calls of that method, or of {@link Policies#ALL}, that failed. */
    public Resilience withFallback(String method, Fallback fallback) {
        fallbacks.put(method, Objects.requireNonNull(fallback, "fallback"));
        return this;
    }

    /** The policies in force now: those given at first, replaced where the last {@link #override} has others. */
    public Policies effective() {
        return effective;
    }

    /**
     * Changes the policies from the next call on. Of each kind, {@code policies} holds where it has any; for the kinds that it
     * leaves out, the policies given at first hold. {@link Policies#NONE} brings all of those back.
     */
    public void override(Policies policies) {
        effective = own.overriddenBy(policies);
    }

    /** Chooses as {@code balancer} does, leaving out instances whose breakers are open; by the breaker policy of all methods. */
    public Balancer balancer(Balancer balancer) {
        return new InstanceBreakers(balancer, breakers);
    }

    private @Nullable BreakerPolicy breakerOf(String method) {
        return Policies.of(method, effective.breakers());
    }

    private Budget budget(String method) {
        return budgets.computeIfAbsent(method, name -> new Budget());
    }

    private static String nameOf(CallInfo call) {
        return call.service() + "." + call.method();
    }

    // ---- clients ----

    @Override
    public void installInto(Client.Builder client) {
        PolicyListener events = client.policyEvents();
        client.unaryMiddleware(next -> (call, request) -> unary(next, call, request, events))
                .streamMiddleware(next -> call -> stream(next, call, events))
                .liveConnectTimeout(() -> effective.connectTimeout())
                .lifecycleListener(new LifecycleListener<>() {
                    @Override
                    public void onOpen(Client opened) {
                        events.onLimit(clientLimitSeen);
                        breakers.opened(events);
                    }

                    @Override
                    public void onClose(Client closed) {
                        breakers.closed(events);
                        events.onLimitGone(clientLimitSeen);
                    }
                })
                .callListener(new Outcomes());
    }

    private @Nullable Object unary(Caller next, ClientCall call, Object request, PolicyListener events) {
        try {
            enter(call, events);
            try {
                return attempts(next, call, request, events);
            } finally {
                clientLimit.leave();
            }
        } catch (RpcException failure) {
            Fallback fallback = Policies.of(call.method(), fallbacks);
            FailureKind kind = FailureKind.of(failure);
            if (fallback == null || kind == FailureKind.ANSWER || kind == FailureKind.CANCELLED) {
                throw failure;
            }
            events.onFallback(call);
            return fallback.answer(call, request, failure);
        }
    }

    private void enter(ClientCall call, PolicyListener events) {
        DegradationPolicy degradation = effective.degradation();
        if (degradation != null && ThreadLocalRandom.current().nextInt(100) < degradation.percent()) {
            events.onRefused(call, Refusal.DEGRADATION);
            throw new RefusedException(nameOf(call) + " was not called: " + degradation.percent()
                    + " % of the calls are not made, the degradation policy of this client");
        }
        String limit = clientLimit.enter();
        if (limit != null) {
            events.onRefused(call, Refusal.LIMIT);
            throw new RefusedException(nameOf(call) + " was not called: " + limit + ", the limit of this client");
        }
    }

    private @Nullable Object attempts(Caller next, ClientCall call, Object request, PolicyListener events) {
        Policies policies = effective;
        Duration timeout = Policies.of(call.method(), policies.timeouts());
        ClientCall limited =
                timeout == null || timeout.isZero() || call.options().timeout() != null
                        ? call
                        : call.withOptions(call.options().withTimeout(timeout));
        Caller attempt = (each, message) -> behindBreaker(next, each, message, events);
        BackupPolicy backup = policies.backupOf(call.method());
        if (backup != null) {
            return Backup.call(backup, budget(call.method()), attempt, limited, request, events);
        }
        RetryPolicy retry = policies.retryOf(call.method());
        if (retry == null) {
            return attempt.call(limited, request);
        }
        Attempts attempts = new Attempts(retry, budget(call.method()));
        while (true) {
            try {
                return attempt.call(numbered(limited, attempts), request);
            } catch (RpcException failure) {
                attempts.next(failure);
                events.onExtra(call, Extra.RETRY);
            }
        }
    }

    /** The call with the number of its attempt, for those who listen and look. */
    private static ClientCall numbered(ClientCall call, Attempts attempts) {
        return attempts.made() == 1 ? call : call.withAttempt(call.attempt() + attempts.made() - 1);
    }

    private @Nullable Object behindBreaker(Caller next, ClientCall call, Object request, PolicyListener events) {
        CircuitBreaker breaker = acquire(call, events);
        if (breaker == null) {
            return next.call(call, request);
        }
        long began = System.nanoTime();
        Throwable failure = null;
        try {
            return next.call(call, request);
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            Breakers.ended(breaker, System.nanoTime() - began, failure);
        }
    }

    private @Nullable CircuitBreaker acquire(ClientCall call, PolicyListener events) {
        CircuitBreaker breaker = breakers.of(nameOf(call), call.method());
        if (breaker != null && !breaker.tryAcquirePermission()) {
            events.onRefused(call, Refusal.BREAKER);
            throw Breakers.refused(nameOf(call), breaker);
        }
        return breaker;
    }

    private ClientStream stream(Opener next, ClientCall call, PolicyListener events) {
        RetryPolicy retry = Policies.of(call.method(), effective.retries());
        if (retry == null) {
            return open(next, call, events);
        }
        Attempts attempts = new Attempts(retry, budget(call.method()));
        while (true) {
            try {
                ClientStream opened = open(next, numbered(call, attempts), events);
                return call.mode() == StreamingMode.SERVER && opened instanceof ServerStreamingClient<?> replies
                        ? new RetriedServerStream<>(
                                replies,
                                () -> {
                                    events.onExtra(call, Extra.RETRY);
                                    return open(next, numbered(call, attempts), events);
                                },
                                attempts)
                        : opened;
            } catch (RpcException failure) {
                attempts.next(failure);
                events.onExtra(call, Extra.RETRY);
            }
        }
    }

    /**
     * Opens a stream. What it takes is given back once: here when it cannot be opened or its request cannot be sent, or by
     * {@link Outcomes}, which hears of its end, whichever is first.
     */
    private ClientStream open(Opener next, ClientCall call, PolicyListener events) {
        enter(call, events);
        AtomicBoolean holds = new AtomicBoolean(true);
        call.setAttribute(held, holds);
        CircuitBreaker breaker = null;
        try {
            breaker = acquire(call, events);
            return next.open(call);
        } catch (RuntimeException | Error e) {
            if (holds.getAndSet(false)) {
                clientLimit.leave();
                if (breaker != null) {
                    Breakers.ended(breaker, 0, e);
                }
            }
            throw e;
        }
    }

    /** Counts how streams end, once each. */
    private final class Outcomes implements CallListener {
        @Override
        public void onFinish(CallInfo call, Summary summary) {
            // The middleware accounts for unary calls by itself, and marks streams alone.
            AtomicBoolean holds = call.attribute(held);
            if (holds == null || !holds.getAndSet(false)) {
                return;
            }
            clientLimit.leave();
            CircuitBreaker breaker = breakers.of(nameOf(call), call.method());
            if (breaker != null) {
                Breakers.ended(breaker, 0, summary.failure());
            }
        }
    }

    // ---- servers ----

    @Override
    public void installInto(Server.Builder server) {
        PolicyListener events = server.policyEvents();
        server.lifecycleListener(new LifecycleListener<>() {
            @Override
            public void onOpen(Server opened) {
                events.onLimit(serverLimitSeen);
            }

            @Override
            public void onClose(Server closed) {
                events.onLimitGone(serverLimitSeen);
            }
        });
        ServerMiddleware limiting = next -> (call, requestOrStream) -> {
            String limit = serverLimit.enter();
            if (limit != null) {
                events.onRefused(call, Refusal.LIMIT);
                throw new StatusException(
                        StatusCode.RESOURCE_EXHAUSTED,
                        nameOf(call) + " was refused: " + limit + ", the server's limit");
            }
            try {
                return next.proceed(call, requestOrStream);
            } finally {
                serverLimit.leave();
            }
        };
        server.middleware(limiting);
    }
}
