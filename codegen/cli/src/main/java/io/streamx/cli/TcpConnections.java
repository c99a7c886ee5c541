package io.streamx.cli;

import io.streamx.cli.PacketHeaders.Endpoint;
import io.streamx.cli.PacketHeaders.Segment;
import io.streamx.recording.Recording.Event;
import io.streamx.recording.Recording.Kind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a capture, as the events that {@code streamx record} would have written of them. A connection is numbered
 * when its first bytes, or the answer to its opening, come. For one thread.
 */
final class TcpConnections {
    /** Connections that are open at once; beyond them the one that has been quiet for longest is taken for closed. */
    private static final int MAX_CONNECTIONS = 10_000;

    private static final byte[] NONE = {};

    private final Map<Pair, Connection> open = new LinkedHashMap<>(16, 0.75f, true);
    private final PacketHeaders headers = new PacketHeaders();
    private final int port;
    private final Consumer<Event> sink;
    private final List<String> notes = new ArrayList<>();
    private int connections;
    private long began = -1;
    private long now;

    /** Both ends of a connection, in an order that does not depend on who sends. */
    private record Pair(Endpoint one, Endpoint other) {
        static Pair of(Segment segment) {
            boolean inOrder = segment.from().toString().compareTo(segment.to().toString()) <= 0;
            return inOrder ? new Pair(segment.from(), segment.to()) : new Pair(segment.to(), segment.from());
        }
    }

    /** {@code port} is that of the servers to look at, 0 for all. */
    private TcpConnections(int port, Consumer<Event> sink) {
        this.port = port;
        this.sink = sink;
    }

    /**
     * Reads a capture.
     *
     * @param port that of the servers whose connections are of interest; 0 for all
     * @return what there is to say of the capture as a whole: packets that were left out, and so on
     */
    static List<String> read(Path file, int port, Consumer<Event> sink) {
        TcpConnections all = new TcpConnections(port, sink);
        String ending = CaptureFile.read(file, all::packet);
        List.copyOf(all.open.values()).forEach(connection -> connection.close("the capture ends here"));
        all.headers.leftOut().forEach((what, count) -> all.notes.add(count + " " + what + " were left out"));
        if (!ending.isEmpty()) {
            all.notes.add(ending);
        }
        if (all.connections == 0) {
            all.notes.add(
                    "no TCP connection" + (port == 0 ? "" : " to port " + port) + " with bytes is in the capture");
        }
        return all.notes;
    }

    private void packet(int linkType, long nanos, ByteBuffer bytes, int cutBytes) {
        Segment segment = headers.segment(linkType, bytes, cutBytes);
        if (segment == null) {
            return;
        }
        if (began < 0) {
            began = nanos;
        }
        // Packets of several interfaces may come in any order; what is printed goes forward.
        now = Math.max(now, nanos - began);
        Pair pair = Pair.of(segment);
        Connection connection = open.get(pair);
        if (connection != null && segment.isSyn() && connection.isAnother(segment)) {
            connection.close("another connection begins between the same ports");
            connection = null;
        }
        if (connection == null) {
            connection = Connection.isWorthIt(segment) ? open(pair, segment) : null;
        }
        if (connection != null) {
            connection.segment(segment);
        }
    }

    private @Nullable Connection open(Pair pair, Segment first) {
        Connection connection = new Connection(pair, first);
        if (port != 0 && connection.server.port() != port) {
            return null;
        }
        if (open.size() >= MAX_CONNECTIONS) {
            open.values().iterator().next().close("quiet, while " + MAX_CONNECTIONS + " others were open");
        }
        open.put(pair, connection);
        return connection;
    }

    private final class Connection {
        private final Pair pair;
        private final Endpoint client;
        private final Endpoint server;
        private final boolean sawOpening;
        private final TcpDirection fromClient = new TcpDirection(new Events(Kind.CLIENT, Kind.CLIENT_END));
        private final TcpDirection fromServer = new TcpDirection(new Events(Kind.SERVER, Kind.SERVER_END));
        private int number;
        private int ends;

        Connection(Pair pair, Segment first) {
            this.pair = pair;
            sawOpening = first.isSyn();
            boolean isFromClient = sawOpening
                    ? !first.isAck()
                    // The end with the lower port is taken for the server, as it mostly is.
                    : first.from().port() >= first.to().port();
            client = isFromClient ? first.from() : first.to();
            server = isFromClient ? first.to() : first.from();
        }

        /** A reset or an empty packet of a connection of which nothing else is known says nothing. */
        static boolean isWorthIt(Segment first) {
            return first.isSyn() || first.bytes().length > 0;
        }

        /** Whether a packet that opens a connection opens another one than this. */
        boolean isAnother(Segment opening) {
            return direction(opening).isAnother(opening.sequence() + 1);
        }

        private TcpDirection direction(Segment segment) {
            return segment.from().equals(client) ? fromClient : fromServer;
        }

        void segment(Segment segment) {
            TcpDirection direction = direction(segment);
            if (segment.isSyn()) {
                direction.begin(segment.sequence() + 1);
                if (segment.isAck()) {
                    begin();
                }
                return;
            }
            if (segment.isReset()) {
                String who = direction == fromClient ? "client" : "server";
                close(number == 0 && direction == fromServer ? "refused by the server" : "reset by the " + who);
                return;
            }
            if (segment.bytes().length > 0) {
                begin();
            }
            // An empty packet that keeps a connection alive has the number of a byte that came before.
            if (segment.bytes().length + segment.cutBytes() > 0 || segment.isFin()) {
                direction.segment(segment.sequence(), segment.bytes(), segment.cutBytes(), segment.isFin());
            }
            if (ends == 2) {
                close("");
            }
        }

        private void begin() {
            if (number == 0) {
                number = ++connections;
                emit(Kind.OPEN, NONE, name() + (sawOpening ? "" : ", which was open before the capture began"));
            }
        }

        private String name() {
            return client + " -> " + server;
        }

        void close(String why) {
            fromClient.finish();
            fromServer.finish();
            open.remove(pair);
            if (number == 0) {
                notes.add(name() + ": " + (why.isEmpty() ? "closed without a byte" : why));
                return;
            }
            int repeated = fromClient.repeated() + fromServer.repeated();
            int early = fromClient.early() + fromServer.early();
            long missing = fromClient.missing() + fromServer.missing();
            if (repeated + early + missing > 0) {
                notes.add("#" + number + ": " + repeated + " packets came again, " + early + " came early, " + missing
                        + " bytes are missing");
            }
            emit(Kind.CLOSE, NONE, why);
        }

        private void emit(Kind kind, byte[] bytes, String why) {
            sink.accept(new Event(now, number, kind, bytes, why));
        }

        /** What one end sends, as events. */
        private final class Events implements TcpDirection.Sink {
            private final Kind bytesKind;
            private final Kind endKind;

            Events(Kind bytesKind, Kind endKind) {
                this.bytesKind = bytesKind;
                this.endKind = endKind;
            }

            @Override
            public void bytes(byte[] bytes) {
                begin();
                emit(bytesKind, bytes, "");
            }

            @Override
            public void missing(long count, String why) {
                begin();
                emit(bytesKind, NONE, count + " bytes " + why);
            }

            @Override
            public void end() {
                ends++;
                if (number != 0) {
                    emit(endKind, NONE, "");
                }
            }
        }
    }
}
