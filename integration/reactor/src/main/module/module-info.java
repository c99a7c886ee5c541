/** Streams as Flux and Mono of Reactor, and back. */
module io.streamx.reactor {
    requires static org.jspecify;
    requires transitive io.streamx.api;
    requires transitive reactor.core;
    requires transitive org.reactivestreams;

    exports io.streamx.reactor;
}
