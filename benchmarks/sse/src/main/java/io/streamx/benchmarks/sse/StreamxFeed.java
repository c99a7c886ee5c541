package io.streamx.benchmarks.sse;

import io.streamx.ServerStreamingServer;
import io.streamx.benchmarks.sse.thrift.Event;
import io.streamx.benchmarks.sse.thrift.Feed;
import io.streamx.benchmarks.sse.thrift.Wish;
import io.streamx.gateway.GatewayOptions;
import io.streamx.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;

/** The feed as a service of StreamX behind its gateway: blocking code on virtual threads. */
final class StreamxFeed implements Feed {
    private final Source<Event> source = new Source<>(Duration.ZERO, StreamxFeed::event);
    private final Source<Event> paced = new Source<>(Compare.PACE, StreamxFeed::event);

    /** Serves on a free port, which it returns. Runs in the folder {@code benchmarks/sse}. */
    static int serve() throws IOException {
        return Server.builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .service(Feed.bind(new StreamxFeed()))
                .transportOptions(GatewayOptions.builder()
                        .thriftIdl(Path.of("src/main/thrift/feed.thrift"))
                        .build())
                .start()
                .port();
    }

    private static Event event(long number) {
        return new Event(number, Compare.TEXT);
    }

    @Override
    public void one(Wish wish, ServerStreamingServer<Event> stream) {
        for (long number = 1; ; number++) {
            stream.send(event(number));
        }
    }

    @Override
    public void all(Wish wish, ServerStreamingServer<Event> stream) throws InterruptedException {
        follow(source, stream);
    }

    @Override
    public void paced(Wish wish, ServerStreamingServer<Event> stream) throws InterruptedException {
        follow(paced, stream);
    }

    private static void follow(Source<Event> source, ServerStreamingServer<Event> stream) throws InterruptedException {
        BlockingQueue<Event> events = source.join();
        try {
            while (true) {
                stream.send(events.take());
            }
        } finally {
            source.leave(events);
        }
    }

    @Override
    public void idle(Wish wish, ServerStreamingServer<Event> stream) throws InterruptedException {
        stream.send(event(1));
        new CountDownLatch(1).await();
    }
}
