package io.streamx.registry;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real etcd on a free port of this machine, which can be stopped and started again. {@link #close} ends it. */
public final class EtcdServer implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Path data;
    private final int port;
    private final int peerPort;
    private @Nullable Process process;

    private EtcdServer(Path data, int port, int peerPort) {
        this.data = data;
        this.port = port;
        this.peerPort = peerPort;
    }

    /**
     * Starts an etcd. One that is not installed is installed as Debian's package {@code etcd-server} where this process may
     * do so; elsewhere the tests that need it are skipped, and the console says so.
     */
    public static EtcdServer start(Path folder) throws IOException, InterruptedException {
        if (!isOnPath("etcd")) {
            install();
        }
        EtcdServer server = new EtcdServer(folder, freePort(), freePort());
        server.start();
        return server;
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(one -> Files.isExecutable(Path.of(one, program)));
    }

    private static void install() throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name")) || !isOnPath("apt-get")) {
            throw Skipped.because(
                    "there is no 'etcd' on the PATH, and no right or no apt-get to install etcd-server with, "
                            + "so nothing was tried against a real etcd");
        }
        for (List<String> command : List.of(
                List.of("apt-get", "update", "-qq"), List.of("apt-get", "install", "-y", "-qq", "etcd-server"))) {
            ProcessBuilder installing = new ProcessBuilder(command).redirectErrorStream(true);
            installing.environment().put("DEBIAN_FRONTEND", "noninteractive");
            Process running = installing.start();
            byte[] said = running.getInputStream().readAllBytes();
            if (running.waitFor() != 0) {
                throw Skipped.because(
                        "'" + String.join(" ", command) + "' failed, so nothing was tried against a real etcd: "
                                + new String(said, java.nio.charset.StandardCharsets.UTF_8));
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The address of the etcd as a URL, {@code http://127.0.0.1:port}. */
    public String endpoint() {
        return "http://" + hostAndPort();
    }

    /** The address of the etcd, {@code 127.0.0.1:port}. */
    public String hostAndPort() {
        return "127.0.0.1:" + port;
    }

    /** Starts the etcd again, with the data that it held. */
    public synchronized void start() throws IOException, InterruptedException {
        String peer = "http://127.0.0.1:" + peerPort;
        Path log = data.resolve("etcd.log");
        process = new ProcessBuilder(
                        "etcd",
                        "--name=test",
                        "--data-dir=" + data.resolve("data"),
                        "--listen-client-urls=" + endpoint(),
                        "--advertise-client-urls=" + endpoint(),
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=test=" + peer,
                        // The tests need no data after a power cut, so that writing need not wait for the disk.
                        "--unsafe-no-fsync")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "etcd does not answer at " + endpoint() + ":\n" + Files.readString(log));
            }
            boolean unused = process.waitFor(50, TimeUnit.MILLISECONDS);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Stops the etcd; its data stay. */
    public synchronized void stop() throws InterruptedException {
        Process running = Objects.requireNonNull(process, "process");
        running.destroyForcibly();
        running.waitFor();
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted while etcd ended", e));
        }
    }
}
