package io.streamx.testing;

import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.StreamingMode;
import io.streamx.client.Client;
import io.streamx.endpoint.Extension;
import io.streamx.server.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what clients and servers send and receive, in order and in text that a test can compare:
 *
 * <pre>{@code
 * Recorder recorder = new Recorder();
 * StreamXServer.of(...).withServer(server -> server.install(recorder));
 * assertThat(recorder.lines("Chat.ask")).containsExactly("begin", "<- Question[text=hi]", "-> Token[text=ho]", "end");
 * }</pre>
 *
 * <p>A line is {@code begin}; {@code ->} with a message that this end sends and {@code <-} with one that it takes, as the
 * message's {@code toString} says it; and {@code end}, with the failure if there was one. Lines of calls that run beside each
 * other stand between each other in {@link #lines()}. Safe from any thread; one recorder may be installed into both ends,
 * which then both write.
 */
public final class Recorder implements Extension {
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock. */
    private final List<Line> lines = new ArrayList<>();

    /**
     * One line of what happened.
     *
     * @param side {@code client} or {@code server}
     * @param call {@code Service.method}
     * @param what the rest of the line
     */
    public record Line(String side, String call, String what) {
        @Override
        public String toString() {
            return side + " " + call + " " + what;
        }
    }

    /** Records nothing yet. */
    public Recorder() {}

    /** All lines so far. */
    public List<Line> lines() {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }

    /** What happened on calls of one method, without its name; {@code call} is {@code Service.method} in the IDL's words. */
    public List<String> lines(String call) {
        return lines().stream()
                .filter(line -> line.call().equals(call))
                .map(Line::what)
                .toList();
    }

    /** All lines, one below the other. */
    public String text() {
        return lines().stream().map(Line::toString).collect(Collectors.joining("\n"));
    }

    /** Forgets what happened so far. */
    public void clear() {
        lock.lock();
        try {
            lines.clear();
        } finally {
            lock.unlock();
        }
    }

    private void add(String side, CallInfo call, String what) {
        Line line = new Line(side, call.service() + "." + call.method(), what);
        lock.lock();
        try {
            lines.add(line);
        } finally {
            lock.unlock();
        }
    }

    /** At a client the end is written when its user has taken it, behind the messages that came before it. */
    private CallListener ends(String side) {
        Map<CallInfo, String> outcomes = new ConcurrentHashMap<>();
        return new CallListener() {
            @Override
            public void onStart(CallInfo call) {
                add(side, call, "begin");
            }

            @Override
            public void onFinish(CallInfo call, Summary summary) {
                outcomes.put(call, summary.failure() == null ? "end" : "end " + summary.failure());
            }

            @Override
            public void onDone(CallInfo call) {
                String outcome = outcomes.remove(call);
                add(side, call, outcome == null ? "end" : outcome);
            }
        };
    }

    private CallListener streamEnds() {
        CallListener all = ends("client");
        return new CallListener() {
            @Override
            public void onStart(CallInfo call) {
                if (call.mode() != StreamingMode.UNARY) {
                    all.onStart(call);
                }
            }

            @Override
            public void onFinish(CallInfo call, Summary summary) {
                if (call.mode() != StreamingMode.UNARY) {
                    all.onFinish(call, summary);
                }
            }

            @Override
            public void onDone(CallInfo call) {
                if (call.mode() != StreamingMode.UNARY) {
                    all.onDone(call);
                }
            }
        };
    }

    @Override
    public void installInto(Client.Builder client) {
        client.callListener(streamEnds());
        client.sendMiddleware(next -> (stream, message) -> {
            add("client", stream.call(), "-> " + message);
            next.send(stream, message);
        });
        client.recvMiddleware(next -> stream -> {
            Object message = next.recv(stream);
            addReceived("client", stream.call(), message);
            return message;
        });
        // The listener of a unary call hears of it later than the middleware sees its request.
        client.unaryMiddleware(next -> (call, request) -> {
            add("client", call, "begin");
            add("client", call, "-> " + request);
            try {
                Object reply = next.call(call, request);
                addReceived("client", call, reply);
                add("client", call, "end");
                return reply;
            } catch (RuntimeException e) {
                add("client", call, "end " + e);
                throw e;
            }
        });
    }

    @Override
    public void installInto(Server.Builder server) {
        server.callListener(ends("server"));
        server.sendMiddleware(next -> (stream, message) -> {
            add("server", stream.call(), "-> " + message);
            next.send(stream, message);
        });
        server.recvMiddleware(next -> stream -> {
            Object message = next.recv(stream);
            addReceived("server", stream.call(), message);
            return message;
        });
        server.unaryMiddleware(next -> (call, request) -> {
            add("server", call, "<- " + request);
            Object reply = next.handle(call, request);
            add("server", call, "-> " + reply);
            return reply;
        });
    }

    private void addReceived(String side, CallInfo call, @Nullable Object message) {
        if (message != null) {
            add(side, call, "<- " + message);
        }
    }
}
