/** Consul as the registry of servers and clients. */
module io.streamx.consul {
    requires static org.jspecify;
    requires transitive io.streamx.core;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires java.net.http;

    exports io.streamx.consul;
}
