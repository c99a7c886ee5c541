package io.streamx.jfr;

import io.streamx.ConnectionInfo;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** Something that happened to a connection. */
@Category({"StreamX", "Connections"})
@StackTrace(false)
abstract class ConnectionRecord extends Event {
    @Label("Side")
    @Description("client or server")
    @Nullable
    String side;

    @Label("Service")
    @Description("What a client calls; empty at a server")
    @Nullable
    String service;

    @Label("Local Address")
    @Nullable
    String local;

    @Label("Peer")
    @Nullable
    String peer;

    private ConnectionRecord() {}

    final void write(ConnectionInfo connection) {
        side = connection.side().name().toLowerCase(Locale.ROOT);
        service = connection.service();
        local = String.valueOf(connection.localAddress());
        peer = String.valueOf(connection.remoteAddress());
        commit();
    }

    /** A connection was made. */
    @Name("io.streamx.ConnectionOpened")
    @Label("Connection Opened")
    static final class Opened extends ConnectionRecord {}

    /** A connection has ended. */
    @Name("io.streamx.ConnectionClosed")
    @Label("Connection Closed")
    static final class Closed extends ConnectionRecord {
        @Label("Reason")
        @Nullable
        String reason;

        @Label("Age")
        @Timespan(Timespan.MILLISECONDS)
        long age;
    }
}
