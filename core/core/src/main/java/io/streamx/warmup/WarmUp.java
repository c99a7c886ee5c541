package io.streamx.warmup;

import io.streamx.BidiStreamingClient;
import io.streamx.PingPong;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ResultCodec;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import io.streamx.wire.Logs;
import io.streamx.wire.Providers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a server of this process by a client of this process, over a socket on the loopback address that is there for that
 * time alone: one unary call and one stream. What a call runs is then loaded and has run once. Each transport is warmed once
 * in a process; whatever goes wrong shows nowhere but in the log at debug level, since a call would show it too. Safe from
 * any thread.
 */
public final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    /** What needs longer is left to go on by itself. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** An empty Thrift struct: it is one byte, that of its end. */
    private static final byte[] EMPTY = {0};

    private static final MethodDescriptor<byte[], byte[]> CALL =
            MethodDescriptor.unary("StreamxWarmUp", "Call", MessageCodec.raw(), ResultCodec.raw());
    private static final MethodDescriptor<byte[], byte[]> STREAM = MethodDescriptor.streaming(
            "StreamxWarmUp", "Stream", StreamingMode.BIDIRECTIONAL, MessageCodec.raw(), MessageCodec.raw());

    private static final Map<Transport, CompletableFuture<@Nullable Void>> BEGUN = new ConcurrentHashMap<>();

    private WarmUp() {}

    /** Warms every transport that is on the class path; returns when that is done, or after 5 s. */
    public static void all() {
        long untilNanos = System.nanoTime() + LIMIT.toNanos();
        for (Transport transport : Transport.values()) {
            if (Providers.hasStreams(transport)) {
                await(begun(transport), untilNanos);
            }
        }
    }

    /** Warms one transport, which must be on the class path; returns when that is done, or after 5 s. */
    public static void once(Transport transport) {
        await(begun(transport), System.nanoTime() + LIMIT.toNanos());
    }

    private static CompletableFuture<@Nullable Void> begun(Transport transport) {
        CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> begun = BEGUN.putIfAbsent(transport, mine);
        if (begun != null) {
            return begun;
        }
        Thread.ofVirtual().name("streamx-warm-up " + transport).start(() -> {
            try {
                callMyself(transport);
            } catch (Throwable t) {
                Logs.debug(LOG, "calls over {} were not warmed up", transport, t);
            } finally {
                mine.complete(null);
            }
        });
        return mine;
    }

    private static void await(CompletableFuture<@Nullable Void> done, long untilNanos) {
        try {
            done.get(Math.max(0, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            // It goes on, and calls may come meanwhile.
        }
    }

    private static void callMyself(Transport transport) {
        InetAddress here = InetAddress.getLoopbackAddress();
        ServiceDefinition service = ServiceDefinition.builder(
                        new ServiceDescriptor("StreamxWarmUp", "", PayloadFormat.THRIFT, List.of(CALL, STREAM)))
                .unary(CALL, request -> request)
                .bidiStreaming(STREAM, stream -> {
                    for (byte[] message : stream) {
                        stream.send(message);
                    }
                })
                .build();
        try (Server server = Server.builder()
                        .port(0)
                        .bindAddress(here)
                        .service(service)
                        .warmUp(false)
                        .closeAtExit(false)
                        .shutdownWindow(Duration.ZERO)
                        .start();
                Client client = client(transport, here.getHostAddress(), server.port())) {
            client.call(CALL, EMPTY, CallOptions.NONE);
            try (BidiStreamingClient<byte[], byte[]> stream = client.bidiStreaming(STREAM, CallOptions.NONE)) {
                stream.send(EMPTY);
                stream.recv();
                stream.closeSend();
                stream.recv();
            }
        }
    }

    private static Client client(Transport transport, String host, int port) {
        Client.Builder builder = Client.builder("StreamxWarmUp")
                .address(host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port)
                .transport(transport)
                .connections(1)
                .connectTimeout(LIMIT)
                .timeout(LIMIT)
                .warmUp(false);
        return (transport == Transport.GRPC ? builder : builder.pingPong(PingPong.TTHEADER_FRAMED)).build();
    }
}
