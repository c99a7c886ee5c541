package io.streamx.recording;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Plays the clients of a recording to a server: sends the bytes that they sent, each when the answers that came before it have
 * come again, on as many connections, side by side.
 */
public final class PlayedClient {
    private PlayedClient() {}

    /**
     * Plays all of it.
     *
     * @param events of a recording
     * @param texts gives what puts messages into words, one for each connection
     * @param patience how long an answer is waited for. The calls that are late then are given up; when others are late too,
     *     their connection sends the rest at once
     * @param keepsPace whether the clients' pauses are made again
     * @return the calls, with what the server answered
     * @throws IOException when there is no connection; one that is lost later has the answers so far
     * @throws InterruptedException when the caller was interrupted
     */
    public static List<PlayedCall> play(
            List<Recording.Event> events,
            InetSocketAddress server,
            Supplier<FrameTexts> texts,
            Duration patience,
            boolean keepsPace)
            throws IOException, InterruptedException {
        Map<Integer, List<Recording.Event>> connections = new TreeMap<>();
        events.forEach(event -> connections
                .computeIfAbsent(event.connection(), number -> new ArrayList<>())
                .add(event));
        Map<Integer, Future<Map<String, List<RecordedFrame>>>> played = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            connections.forEach((number, its) -> {
                var connection = new ReplayedConnection(its, texts.get(), patience, keepsPace);
                played.put(number, threads.submit(() -> connection.play(server)));
            });
        }
        List<PlayedCall> calls = new ArrayList<>();
        for (Map.Entry<Integer, Future<Map<String, List<RecordedFrame>>>> each : played.entrySet()) {
            List<Recording.Event> its = connections.getOrDefault(each.getKey(), List.of());
            calls.addAll(calls(each.getKey(), RecordedExchange.of(its, texts.get()), answers(each.getValue())));
        }
        return calls;
    }

    private static Map<String, List<RecordedFrame>> answers(Future<Map<String, List<RecordedFrame>>> played)
            throws IOException, InterruptedException {
        try {
            return played.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException refused ? refused : new IOException(e.getCause());
        }
    }

    /** What was recorded beside what was played, by the name of the call within its connection. */
    private static List<PlayedCall> calls(
            int connection, List<RecordedExchange> recorded, Map<String, List<RecordedFrame>> played) {
        String prefix = "#" + connection + " ";
        Map<String, List<RecordedFrame>> scripts = new LinkedHashMap<>();
        Map<String, String> methods = new LinkedHashMap<>();
        for (RecordedExchange call : recorded) {
            // Clients that number their calls all alike have one name for all of them.
            scripts.computeIfAbsent(call.name(), name -> new ArrayList<>()).addAll(call.frames());
            methods.putIfAbsent(call.name(), call.method());
        }
        Set<String> names = new LinkedHashSet<>(scripts.keySet());
        played.keySet().forEach(call -> names.add(prefix + call));
        return names.stream()
                .map(name -> new PlayedCall(
                        name,
                        methods.getOrDefault(name, ""),
                        scripts.getOrDefault(name, List.of()),
                        played.getOrDefault(name.substring(prefix.length()), List.of()),
                        false))
                .toList();
    }
}
