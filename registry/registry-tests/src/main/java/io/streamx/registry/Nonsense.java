package io.streamx.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Something at a port of this machine that is no registry: it answers whoever connects with a line of text. */
public final class Nonsense implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    /** Begins to answer. */
    public Nonsense() throws IOException {
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket connected = listening.accept();
                    Thread.ofVirtual().start(() -> answer(connected));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private static void answer(Socket connected) {
        try (connected) {
            connected
                    .getOutputStream()
                    .write("220 mail.example ready for nonsense\r\n".getBytes(StandardCharsets.US_ASCII));
            connected.getOutputStream().flush();
            int unused = connected.getInputStream().read();
        } catch (IOException gone) {
            // The peer has seen that this is no registry, and has closed the connection.
        }
    }

    /** The address to connect to, {@code 127.0.0.1:port}. */
    public String hostAndPort() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
