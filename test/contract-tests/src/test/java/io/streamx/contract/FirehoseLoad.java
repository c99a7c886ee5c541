package io.streamx.contract;

import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Streams that send as fast as they can towards readers that take next to nothing, and what becomes of the calls beside
 * them; also as a program, which says in one line what it has seen.
 */
final class FirehoseLoad {
    /** What is to be run. */
    record Plan(
            TransportUnderTest transport,
            int port,
            int connections,
            int streamsOfEach,
            boolean up,
            String reader,
            Duration time) {
        List<String> arguments() {
            return List.of(
                    transport.name(),
                    String.valueOf(port),
                    String.valueOf(connections),
                    String.valueOf(streamsOfEach),
                    String.valueOf(up),
                    reader,
                    time.toString());
        }

        static Plan of(String[] arguments) {
            int next = 0;
            return new Plan(
                    TransportUnderTest.valueOf(arguments[next++]),
                    Integer.parseInt(arguments[next++]),
                    Integer.parseInt(arguments[next++]),
                    Integer.parseInt(arguments[next++]),
                    Boolean.parseBoolean(arguments[next++]),
                    arguments[next++],
                    Duration.parse(arguments[next]));
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ALONE = Duration.ofSeconds(1);
    private static final int FIRST_CANCEL_MESSAGES = 1000;

    private final Plan plan;
    private final List<Client> clients = new ArrayList<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final AtomicInteger documented = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);

    private FirehoseLoad(Plan plan) {
        this.plan = plan;
    }

    /** Runs a plan; ends with status 1 when something failed that must not. */
    public static void main(String[] arguments) throws Exception {
        boolean well = new FirehoseLoad(Plan.of(arguments)).run();
        System.exit(well ? 0 : 1);
    }

    private Client connect() {
        Client.Builder builder = Client.builder("echo")
                .address("127.0.0.1:" + plan.port())
                .connections(1)
                .connectTimeout(PATIENCE)
                .connectionWait(PATIENCE);
        plan.transport().choose(builder);
        return builder.build();
    }

    private boolean run() throws Exception {
        for (int i = 0; i < plan.connections(); i++) {
            clients.add(connect());
        }
        // Classes are loaded and code is compiled before anything is measured.
        new RoundTrips().run(clients.getFirst(), ALONE);
        RoundTrips trips = new RoundTrips();
        trips.run(clients.getFirst(), ALONE);
        double alone = trips.rate();
        List<Thread> threads = new ArrayList<>();
        CountDownLatch opened = new CountDownLatch(plan.connections() * plan.streamsOfEach());
        for (Client client : clients) {
            for (int i = 0; i < plan.streamsOfEach(); i++) {
                threads.add(Thread.startVirtualThread(() -> flood(client, opened)));
            }
        }
        boolean allOpened = opened.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (!allOpened) {
            fail(opened.getCount() + " streams were not opened within " + PATIENCE);
        }
        RoundTrips first = new RoundTrips();
        Duration settling = plan.time().dividedBy(4);
        first.run(clients.getFirst(), settling);
        RoundTrips then = new RoundTrips();
        List<Long> cancels = new ArrayList<>();
        long end = System.nanoTime() + plan.time().minus(settling).toNanos();
        do {
            then.run(clients.getFirst(), Duration.ofNanos(Math.max(1, (end - System.nanoTime()) / 4)));
            cancels.add(timeToSeeACancel(clients.getLast()));
        } while (System.nanoTime() < end);
        String there = ask(clients.getFirst(), FirehoseHandler.MEMORY);
        String here = FirehoseHandler.memory();
        over.countDown();
        clients.forEach(Client::close);
        for (Thread thread : threads) {
            if (!thread.join(PATIENCE)) {
                fail("a stream did not end with its client");
            }
        }
        long sum = cancels.stream().mapToLong(Long::longValue).sum();
        long longest = cancels.stream().mapToLong(Long::longValue).max().orElse(-1);
        System.out.printf(
                "FIREHOSE %s %d x %d %s, %s, %d s: round trips a second %.0f alone, %.0f in the first quarter, %.0f then"
                        + " (longest %d ms); %d cancels seen after %.1f ms in the mean, %.1f at most; ended for the others: %d;"
                        + " server %s; client %s; failures %s%n",
                plan.transport(),
                plan.connections(),
                plan.streamsOfEach(),
                plan.up() ? "up" : "down",
                plan.reader(),
                plan.time().toSeconds(),
                alone,
                first.rate(),
                then.rate(),
                TimeUnit.NANOSECONDS.toMillis(Math.max(first.longest, then.longest)),
                cancels.size(),
                sum / 1000.0 / cancels.size(),
                longest / 1000.0,
                documented.get(),
                there,
                here,
                new TreeMap<>(failures));
        return failures.isEmpty();
    }

    private void fail(String what) {
        failures.merge(what, 1, Integer::sum);
    }

    private void flood(Client client, CountDownLatch opened) {
        boolean counted = false;
        try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
            stream.send(plan.up() ? plan.reader() : FirehoseHandler.FLOOD);
            opened.countDown();
            counted = true;
            if (plan.up()) {
                while (over.getCount() > 0) {
                    stream.send(FirehoseHandler.MESSAGE);
                }
            } else if (FirehoseHandler.NEVER_READ.equals(plan.reader())) {
                over.await();
            } else {
                while (!over.await(1, TimeUnit.SECONDS)) {
                    stream.recv();
                }
            }
        } catch (RpcException | InterruptedException | IllegalStateException e) {
            if (over.getCount() > 0) {
                if (isDocumented(e)) {
                    documented.incrementAndGet();
                } else {
                    fail(e.toString());
                }
            }
        } finally {
            if (!counted) {
                opened.countDown();
            }
        }
    }

    /** A stream that holds up its connection may be ended for it; new work may be refused while memory is short. */
    private static boolean isDocumented(Exception failure) {
        String text = String.valueOf(failure.getMessage());
        return text.contains("unread bytes") || text.contains("out of memory for messages");
    }

    /** A stream that sends and takes in turn, as fast as it goes. */
    private final class RoundTrips {
        private long count;
        private long nanos;
        private long longest;

        void run(Client client, Duration time) {
            long began = System.nanoTime();
            try (var stream = EchoService.bidi(client)) {
                long before = began;
                do {
                    stream.send("ask");
                    if (!"ask".equals(stream.recv())) {
                        fail("another answer came than was asked for");
                    }
                    count++;
                    long now = System.nanoTime();
                    longest = Math.max(longest, now - before);
                    before = now;
                } while (before - began < time.toNanos());
            } catch (RpcException | IllegalStateException e) {
                longest = Math.max(longest, System.nanoTime() - began);
                if (isDocumented(e)) {
                    documented.incrementAndGet();
                } else {
                    fail("round trips: " + e);
                }
            }
            nanos += System.nanoTime() - began;
        }

        double rate() {
            return 1e9 * count / nanos;
        }
    }

    private String ask(Client client, String question) {
        try (var stream = EchoService.bidi(client)) {
            stream.send(question);
            return String.valueOf(stream.recv());
        } catch (RpcException e) {
            fail(question + ": " + e);
            return "0";
        }
    }

    /** Of a stream beside the others that is full and not read either; in microseconds, by the machine's clock. */
    private long timeToSeeACancel(Client client) throws InterruptedException {
        var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE);
        try {
            stream.send(FirehoseHandler.NEVER_READ);
            stream.recv();
        } catch (RpcException e) {
            if (isDocumented(e)) {
                documented.incrementAndGet();
            } else {
                fail("before a cancel: " + e);
            }
            return -1;
        }
        Thread sender = Thread.startVirtualThread(() -> {
            try {
                for (int i = 0; i < FIRST_CANCEL_MESSAGES; i++) {
                    stream.send(FirehoseHandler.MESSAGE);
                }
            } catch (RpcException cancelled) {
                // As is meant.
            }
        });
        boolean ended = sender.join(Duration.ofMillis(300));
        if (ended) {
            fail("a stream that is not read took all that was sent");
        }
        long asked = FirehoseHandler.microsNow();
        stream.cancel("enough");
        long patience = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < patience) {
            long seen = Long.parseLong(ask(client, FirehoseHandler.LAST_CANCEL));
            if (seen >= asked) {
                return seen - asked;
            }
        }
        fail("a cancel was not seen within " + PATIENCE);
        return -1;
    }
}
