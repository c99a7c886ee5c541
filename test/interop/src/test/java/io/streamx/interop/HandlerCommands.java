package io.streamx.interop;

import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.Transport;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The steps that do something; {@code test/interop/README.md} describes each. */
final class HandlerCommands {
    private HandlerCommands() {}

    static void obey(HandlerSession session, Step step) throws Exception {
        switch (step.name()) {
            case "send" -> session.send(step.argument(0));
            case "n" -> sendPatterns(session, step.number(0), step.number(1));
            case "digest" -> session.send(session.digest());
            case "hdr" -> session.stream(step).setHeader(step.entries(0));
            case "sendhdr" -> session.stream(step).sendHeader(step.entries(0));
            case "trl" -> session.stream(step).setTrailer(step.entries(0));
            case "trysend" -> session.attempt(step.argument(0), () -> session.send("tried"));
            case "tryhdr" ->
                session.attempt(step.argument(0), () -> session.stream(step).setHeader(step.entries(1)));
            case "trysendhdr" ->
                session.attempt(step.argument(0), () -> session.stream(step).sendHeader(step.entries(1)));
            case "recv" -> skip(session, step.number(0));
            case "drain" -> drain(session);
            case "watch" -> session.watch(step.argument(0));
            case "blockrecv" -> blockInRecv(session, step.argument(0));
            case "wait" -> waitForCancel(session, step.argument(0));
            case "forever" -> sendForever(session, step.argument(0), step.number(1));
            case "background" -> useAfterReturn(session, step.argument(0));
            case "report" -> session.peer().reports().store(step.argument(0), step.argument(1));
            case "sleep" -> linger(session.call(), Duration.ofMillis(step.number(0)));
            case "metainfo" ->
                session.send("persistent " + Outcomes.describe(session.call().persistents()) + " transient "
                        + Outcomes.describe(session.call().transients()));
            case "setp" -> session.persistent().putAll(step.entries(0));
            case "sett" -> session.transients().putAll(step.entries(0));
            case "back" -> step.entries(0).forEach(session.call()::sendBackward);
            case "call" ->
                session.send(session.call().service() + " " + session.call().method() + " stream");
            case "md" -> session.send("metadata " + Outcomes.describe(metadata(session, step.arguments())));
            case "deadline" -> session.send(deadline(session.call().remaining(), step.number(0)));
            case "stop" -> session.peer().stop();
            case "peer" -> session.send(String.valueOf(session.call().remoteAddress()));
            case "chain" -> chain(session, step);
            case "chainopen" -> chainOpen(session, step);
            case "chainrecv" ->
                session.attempt(step.argument(0), () -> session.opened().recv());
            case "chainunary" ->
                session.send(session.peer().downstreamUnary(step.argument(0), session, step.argument(1)));
            default ->
                throw new IllegalArgumentException(
                        "step '" + step.name() + "' (expected: one of the commands of test/interop/README.md)");
        }
    }

    private static void sendPatterns(HandlerSession session, int count, int sizeBytes) {
        for (int i = 0; i < count; i++) {
            session.send(Payload.pattern(i, sizeBytes));
        }
    }

    private static void skip(HandlerSession session, int count) {
        for (int i = 0; i < count; i++) {
            if (session.next() == null) {
                throw new IllegalStateException("end of stream after " + i + " messages (expected: " + count + ")");
            }
        }
    }

    private static void drain(HandlerSession session) {
        while (session.next() != null) {
            // All there is to do: next() keeps count.
        }
    }

    private static void blockInRecv(HandlerSession session, String key) {
        String outcome = Outcomes.END;
        try {
            drain(session);
        } catch (RpcException e) {
            outcome = Outcomes.describe(e);
        }
        session.peer().reports().store(key, outcome);
    }

    /** Not interruptible: the interrupt that comes with a cancel may be there before its reason can be read. */
    private static void waitForCancel(HandlerSession session, String key) {
        CountDownLatch cancelled = new CountDownLatch(1);
        boolean interrupted = false;
        try (CallContext.Registration registration = session.call().onCancel(cancelled::countDown)) {
            while (true) {
                try {
                    cancelled.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        @Nullable RpcException reason = session.call().cancellation();
        session.peer().reports().store(key, Outcomes.describe(reason));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sendForever(HandlerSession session, String key, int sizeBytes) {
        try {
            for (int i = 0; ; i++) {
                session.send(Payload.pattern(i, sizeBytes));
            }
        } catch (RpcException e) {
            session.peer().reports().store(key, Outcomes.describe(e));
        }
    }

    /** Tries the stream on another thread once the handler has returned. */
    private static void useAfterReturn(HandlerSession session, String key) {
        session.call()
                .onCancel(() -> Thread.startVirtualThread(() -> {
                    session.attempt(key + ".recv", () -> session.receiver().get());
                    session.attempt(key + ".send", () -> {
                        // A send may still slip in between the cancel and the end: the outcome is what comes after.
                        for (int i = 0; i < 1000; i++) {
                            session.sender().accept("late");
                        }
                    });
                }));
    }

    /** A handler that takes its time, unless nobody waits for it any more. */
    static void linger(CallContext call, Duration time) throws InterruptedException {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (CallContext.Registration registration = call.onCancel(cancelled::countDown)) {
            boolean unused = cancelled.await(time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** The entries of the call that have these names. */
    private static Map<String, String> metadata(HandlerSession session, List<String> names) {
        Map<String, String> found = new HashMap<>(session.peer().entries(session.call()));
        found.keySet().retainAll(names);
        return found;
    }

    private static String deadline(@Nullable Duration remaining, int limitMillis) {
        if (remaining == null) {
            return "no deadline";
        }
        return remaining.isPositive() && remaining.compareTo(Duration.ofMillis(limitMillis)) <= 0
                ? "deadline within " + limitMillis + " ms"
                : "deadline in " + remaining;
    }

    private static void chain(HandlerSession session, Step step) {
        try (TextStream downstream = downstream(session, step)) {
            downstream.send(step.argument(1));
            downstream.closeSend();
            for (String reply = downstream.recv(); reply != null; reply = downstream.recv()) {
                session.send(reply);
            }
        }
    }

    /** Leaves the downstream stream open; its first message tells the caller that all of the chain stands. */
    private static void chainOpen(HandlerSession session, Step step) {
        TextStream downstream = downstream(session, step);
        downstream.send(step.argument(1));
        String reply = downstream.recv();
        if (reply == null) {
            throw new IllegalStateException("the stream to " + step.argument(0) + " ended (expected: a message)");
        }
        session.opened(downstream);
        session.send(reply);
    }

    private static TextStream downstream(HandlerSession session, Step step) {
        Transport transport = step.argument(2).equals("grpc") ? Transport.GRPC : Transport.TTHEADER;
        return session.peer().downstream(step.argument(0), transport, session);
    }
}
