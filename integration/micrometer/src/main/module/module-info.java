/** Metrics of clients and servers. */
module io.streamx.micrometer {
    requires static org.jspecify;
    requires transitive io.streamx.core;
    requires transitive micrometer.core;

    exports io.streamx.micrometer;
}
