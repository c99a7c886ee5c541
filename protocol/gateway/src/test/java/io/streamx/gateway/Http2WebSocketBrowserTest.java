package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.streamx.testkit.Browser;
import io.streamx.testkit.CertificateAuthority;
import io.streamx.testkit.CertificateAuthority.Issued;
import io.streamx.tls.ServerTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A WebSocket of a headless Chromium on the HTTP/2 connection of its page. Skipped, loudly, where there is none. */
class Http2WebSocketBrowserTest {
    private static final int MAX_HELLO_BYTES = 16 << 10;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    /** Passes connections on, and keeps what each of them says first, in which a client of TLS lists the protocols it offers. */
    private static final class Proxy implements AutoCloseable {
        final List<String> hellos = new CopyOnWriteArrayList<>();
        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Socket> sockets = new CopyOnWriteArrayList<>();
        private final int target;

        Proxy(int target) throws IOException {
            this.target = target;
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return listener.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = listener.accept();
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    sockets.addAll(List.of(client, server));
                    Thread.ofVirtual().start(() -> passOn(client, server, true));
                    Thread.ofVirtual().start(() -> passOn(server, client, false));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        }

        private void passOn(Socket from, Socket to, boolean isClient) {
            byte[] buffer = new byte[MAX_HELLO_BYTES];
            boolean isFirst = isClient;
            try (from;
                    to;
                    InputStream in = from.getInputStream()) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    if (isFirst) {
                        hellos.add(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
                        isFirst = false;
                    }
                    to.getOutputStream().write(buffer, 0, count);
                }
            } catch (IOException left) {
                // Either side may leave as it likes.
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aBrowserOpensAWebSocketOnTheConnectionOfItsPage() throws Exception {
        if (Browser.command().isEmpty()) {
            System.err.println(
                    "SKIPPED: Http2WebSocketBrowserTest: no Chromium in /usr/bin, so no browser has opened one.");
        }
        assumeTrue(Browser.command().isPresent(), "no Chromium in /usr/bin");
        Issued localhost = new CertificateAuthority(directory, "authority").server("localhost");
        try (GatewayServer gateway = new GatewayServer(
                        options -> options.tryItPage(true),
                        server -> server.tls(ServerTls.builder()
                                .identity(localhost.chain(), localhost.key())
                                .build()));
                Proxy proxy = new Proxy(gateway.port());
                Browser browser = new Browser(
                        Browser.command().get(),
                        Files.createTempDirectory(Path.of("target").toAbsolutePath(), "chromium"),
                        "--ignore-certificate-errors")) {
            browser.open("https://localhost:" + proxy.port() + "/streamx/try/#chat.Chat/Talk");
            browser.await("document.getElementById('title')?.textContent == 'chat.Chat/Talk'");
            String unused = browser.run("""
                    (() => {
                      window.said = [];
                      window.socket = new WebSocket(`wss://${location.host}/Chat/Talk`);
                      socket.onopen = () => socket.send('{"message":{"number":1,"text":"hello"}}');
                      socket.onmessage = event => said.push(event.data);
                      socket.onclose = event => said.push(`closed ${event.code} ${event.wasClean}`);
                      return 'begun';
                    })()""".replace("\n", " "));
            browser.await("window.said.length == 1");
            assertThat(browser.run("window.said[0]")).contains("hello");
            unused = browser.run("socket.send('{\"end\":{}}'), 'sent'");
            browser.await("window.said.length == 3");

            assertThat(browser.run("window.said.join(' ')")).endsWith("{\"end\":{}} closed 1000 true");
            assertThat(gateway.event()).isEqualTo("talked");
            // A connection for a WebSocket of HTTP/1.1 would offer HTTP/1.1 alone.
            assertThat(proxy.hellos)
                    .isNotEmpty()
                    .allSatisfy(hello -> assertThat(hello).contains("\u0002h2"));

            unused = browser.run("window.socket = new WebSocket(`wss://${location.host}/Chat/Talk`),"
                    + " socket.onopen = () => said.push('open'), 'begun'");
            browser.await("window.said.includes('open')");
            unused = browser.run("socket.close(), 'closed'");
            assertThat(gateway.event()).isEqualTo("ended: true");
        }
    }
}
