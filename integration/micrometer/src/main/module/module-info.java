/** Metrics of clients and servers. */
module io.streamx.micrometer {
    requires static org.jspecify;
    requires transitive io.streamx.core;
    requires micrometer.commons;
    requires transitive micrometer.core;
    requires transitive micrometer.observation;

    exports io.streamx.micrometer;
}
