package io.streamx.interop;

import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.ServerStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call being served: where its messages come from and go to, and what happened so far. Runs on the handler's
 * thread.
 */
final class HandlerSession {
    private final JavaServer peer;
    private final CallContext call = CallContext.current();
    private final @Nullable ServerStream stream;
    private final Supplier<@Nullable String> receive;
    private final Consumer<String> send;
    private final Payload.Digest received = new Payload.Digest();
    private final Map<String, String> persistent = new LinkedHashMap<>();
    private final Map<String, String> transients = new LinkedHashMap<>();
    private @Nullable String watch;
    private @Nullable TextStream opened;
    private boolean ended;
    private boolean replied;

    /**
     * A session of the call this thread carries.
     *
     * @param stream null in a unary call
     * @param receive gives null at the end
     */
    HandlerSession(
            JavaServer peer, @Nullable ServerStream stream, Supplier<@Nullable String> receive, Consumer<String> send) {
        this.peer = peer;
        this.stream = stream;
        this.receive = receive;
        this.send = send;
    }

    /** Obeys scripts and hands every other message to {@code plain}, until the client ends its messages. */
    void serveMessages(Consumer<String> plain) throws Exception {
        for (String text = next(); text != null; text = next()) {
            if (!Step.isScript(text)) {
                plain.accept(text);
            } else if (!run(text)) {
                return;
            }
        }
    }

    /** Obeys a script step by step. False when it ends the handler; an exception is the handler's outcome. */
    boolean run(String script) throws Exception {
        for (Step step : Step.parse(script)) {
            if (step.name().equals("end")) {
                ended = true;
                return false;
            }
            HandlerOutcomes.raise(step);
            HandlerCommands.obey(this, step);
        }
        return true;
    }

    /** Receives one message; scripts are not counted. */
    @Nullable
    String next() {
        String text;
        try {
            text = receive.get();
        } catch (RpcException e) {
            watched(Outcomes.describe(e));
            throw e;
        }
        if (text == null) {
            watched(Outcomes.END);
        } else if (!Step.isScript(text)) {
            received.add(text);
        }
        return text;
    }

    private void watched(String outcome) {
        if (watch != null) {
            peer.reports().store(watch, outcome);
        }
    }

    void send(String text) {
        replied = true;
        send.accept(text);
    }

    void watch(String key) {
        watch = key;
    }

    /** Reports under the key how a call went, and lets the script go on. */
    void attempt(String key, Runnable attempted) {
        String outcome = Outcomes.OK;
        try {
            attempted.run();
        } catch (RpcException e) {
            outcome = Outcomes.describe(e);
        }
        peer.reports().store(key, outcome);
    }

    boolean ended() {
        return ended;
    }

    boolean replied() {
        return replied;
    }

    JavaServer peer() {
        return peer;
    }

    CallContext call() {
        return call;
    }

    String digest() {
        return received.toString();
    }

    /** The stream's own calls: header, trailer. */
    ServerStream stream(Step step) {
        if (stream == null) {
            throw new IllegalArgumentException(
                    "step " + step.name() + " (expected: a command that makes sense in a unary call)");
        }
        return stream;
    }

    /** The stream as raw calls, for a thread that outlives the handler. */
    Supplier<@Nullable String> receiver() {
        return receive;
    }

    Consumer<String> sender() {
        return send;
    }

    Map<String, String> persistent() {
        return persistent;
    }

    Map<String, String> transients() {
        return transients;
    }

    void opened(TextStream downstream) {
        opened = downstream;
    }

    TextStream opened() {
        if (opened == null) {
            throw new IllegalArgumentException("chainrecv (expected: after chainopen)");
        }
        return opened;
    }
}
