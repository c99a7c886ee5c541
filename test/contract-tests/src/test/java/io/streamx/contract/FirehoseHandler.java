package io.streamx.contract;

import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.ServiceDefinition;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A server whose streams do what their first message says, and that tells how it is; also as a program. */
final class FirehoseHandler {
    /** The stream sends without end. */
    static final String FLOOD = "flood";
    /** The stream takes nothing more, until it is cancelled. */
    static final String NEVER_READ = "never read";
    /** The stream takes one message a second. */
    static final String READ_ONE_A_SECOND = "read one a second";
    /** The stream answers when the last call that takes nothing saw its cancel, in microseconds since 1970, or 0. */
    static final String LAST_CANCEL = "last cancel";
    /** The stream answers with the length of the next message. */
    static final String LENGTH = "length";
    /** The stream answers with the MiB of the heap and of direct memory that are in use. */
    static final String MEMORY = "memory";

    /** What both directions flood with. */
    static final String MESSAGE = "x".repeat(10_000);

    private static final Map<String, String> REPLIES = new ConcurrentHashMap<>();
    private static final String READY = "serving on port ";

    private final AtomicLong lastCancelMicros = new AtomicLong();

    /** Serves until its standard input ends; says its port first. */
    public static void main(String[] arguments) throws Exception {
        try (Server server = Server.builder()
                .port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .shutdownWindow(Duration.ZERO)
                .service(new FirehoseHandler().service())
                .start()) {
            System.out.println(READY + server.port());
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** The port in the first line of the program. */
    static int portIn(String line) {
        if (!line.startsWith(READY)) {
            throw new IllegalStateException("the server says: " + line + " (expected: " + READY + "...)");
        }
        return Integer.parseInt(line.substring(READY.length()));
    }

    ServiceDefinition service() {
        return EchoService.with(this::handle, FirehoseHandler::reply);
    }

    /** A text as long as the request says, or the request. */
    private static String reply(String request) {
        // The text is kept, so that what the server holds of replies is what the transport holds.
        return request.startsWith(LENGTH)
                ? REPLIES.computeIfAbsent(request, any -> "r".repeat(Integer.parseInt(any.substring(LENGTH.length()))))
                : request;
    }

    private void handle(BidiStreamingServer<String, String> stream) throws Exception {
        String order = String.valueOf(stream.recv());
        switch (order) {
            case FLOOD -> {
                while (true) {
                    stream.send(MESSAGE);
                }
            }
            case NEVER_READ -> awaitCancel(stream);
            case READ_ONE_A_SECOND -> {
                CountDownLatch never = new CountDownLatch(1);
                while (!never.await(1, TimeUnit.SECONDS)) {
                    if (stream.recv() == null) {
                        return;
                    }
                }
            }
            case LAST_CANCEL -> stream.send(String.valueOf(lastCancelMicros.get()));
            case LENGTH ->
                stream.send(String.valueOf(String.valueOf(stream.recv()).length()));
            case MEMORY -> stream.send(memory());
            default -> {
                stream.send(order);
                for (String message : stream) {
                    stream.send(message);
                }
            }
        }
    }

    private void awaitCancel(BidiStreamingServer<String, String> stream) throws InterruptedException {
        try (CallContext.Registration end = stream.call().onCancel(() -> lastCancelMicros.set(microsNow()))) {
            stream.send("begun");
            new CountDownLatch(1).await();
        }
    }

    /** The clock that all processes of a machine share. */
    static long microsNow() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** What this process uses. */
    static String memory() {
        System.gc();
        long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> "direct".equals(pool.getName()))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return "heap " + (heap >> 20) + " MiB, direct " + (direct >> 20) + " MiB";
    }
}
