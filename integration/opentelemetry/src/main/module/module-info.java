/** Traces of clients and servers. */
module io.streamx.opentelemetry {
    requires static org.jspecify;
    requires transitive io.streamx.core;
    requires transitive io.opentelemetry.api;
    requires io.opentelemetry.context;

    exports io.streamx.opentelemetry;
}
