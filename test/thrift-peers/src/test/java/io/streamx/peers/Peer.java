package io.streamx.peers;

import io.streamx.PingPong;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A library of another language that speaks Thrift. */
enum Peer {
    /** Apache Thrift for Python. */
    APACHE_PYTHON("target/python/bin/python", "python/peer.py", "apache"),
    /** thriftpy2, which reads the IDL at run time. */
    THRIFTPY2("target/python/bin/python", "python/peer.py", "thriftpy2"),
    /** Apache Thrift for Node.js. */
    APACHE_NODE("node", "node/peer.js"),
    /** Volo of CloudWeGo, in Rust, which speaks TTHeader too. Its cargo build takes minutes, so it is there when asked for. */
    VOLO(Peer.VOLO_PROGRAM) {
        @Override
        List<PingPong> carriers() {
            return List.of(PingPong.FRAMED, PingPong.BUFFERED, PingPong.TTHEADER_FRAMED);
        }
    };

    private static final String VOLO_PROGRAM = "target/volo/debug/peer";

    private final List<String> command;

    Peer(String... command) {
        this.command = List.of(command);
    }

    /** The peers that were built: every one but Volo, and Volo where {@code THRIFT_PEERS_VOLO=1} asked for it. */
    static List<Peer> built() {
        boolean withVolo = Path.of(VOLO_PROGRAM).toFile().exists();
        return Arrays.stream(values()).filter(peer -> peer != VOLO || withVolo).toList();
    }

    /** What the library's unary calls can travel on. */
    List<PingPong> carriers() {
        return List.of(PingPong.FRAMED, PingPong.BUFFERED);
    }

    private Process start(String role, PingPong carrier, String... more) throws IOException {
        List<String> whole = new ArrayList<>(command);
        whole.add(role);
        whole.add(carrier.name().toLowerCase(Locale.ROOT));
        whole.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(whole).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .put("PEER_MODULES", Path.of("target", "node").toAbsolutePath().toString());
        return builder.start();
    }

    /** A server that serves until it is closed. */
    Serving serve(PingPong carrier) throws IOException {
        Process process = start("server", carrier);
        String port = process.inputReader().readLine();
        if (port == null) {
            process.destroy();
            throw new IOException(this + " has ended without a port");
        }
        return new Serving(process, Integer.parseInt(port));
    }

    /** What a client of this library prints that plays all that the service can. */
    List<String> play(PingPong carrier, int port) throws IOException, InterruptedException {
        Process process = start("client", carrier, Integer.toString(port));
        try (BufferedReader said = process.inputReader()) {
            return said.lines().toList();
        } finally {
            process.destroy();
        }
    }

    /** A running server. */
    record Serving(Process process, int port) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            // The end of its input is the end of the server.
            process.outputWriter().close();
            process.destroy();
        }
    }
}
