package io.streamx.benchmarks.sse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.sse.ServerSentEvent;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.streaming.ServerSentEvents;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import reactor.core.publisher.Flux;

/** The feed as a server of Armeria: publishers of Reactor, and Jackson for the JSON. */
final class ArmeriaFeed {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ArmeriaFeed() {}

    record Event(long number, String text) {}

    /** Serves on a free port, which it returns. */
    static int serve() {
        Flux<Event> events = Flux.generate(() -> 1L, (number, sink) -> {
            sink.next(new Event(number, Compare.TEXT));
            return number + 1;
        });
        Flux<Event> all = events.publish(Source.QUEUED).refCount();
        Flux<Event> paced = Flux.interval(Compare.PACE)
                .map(number -> new Event(number, Compare.TEXT))
                .publish(Source.QUEUED)
                .refCount();
        Flux<Event> idle = Flux.just(new Event(1, Compare.TEXT)).concatWith(Flux.never());
        Server server = Server.builder()
                .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .requestTimeoutMillis(0)
                .service("/Feed/One", feed(events))
                .service("/Feed/All", feed(all))
                .service("/Feed/Paced", feed(paced))
                .service("/Feed/Idle", feed(idle))
                .build();
        server.start().join();
        return server.activeLocalPort();
    }

    private static HttpService feed(Flux<Event> events) {
        return (context, request) -> ServerSentEvents.fromPublisher(events, ArmeriaFeed::written);
    }

    private static ServerSentEvent written(Event event) {
        try {
            return ServerSentEvent.builder()
                    .id(Long.toString(event.number()))
                    .data(JSON.writeValueAsString(event))
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event that is no JSON", e);
        }
    }
}
