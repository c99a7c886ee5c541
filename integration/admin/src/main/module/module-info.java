/** A page with the calls and connections of a running process. */
module io.streamx.admin {
    requires static org.jspecify;
    requires transitive io.streamx.core;
    requires com.fasterxml.jackson.core;
    requires jdk.httpserver;

    exports io.streamx.admin;
}
