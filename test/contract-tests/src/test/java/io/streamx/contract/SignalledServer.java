package io.streamx.contract;

import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A process that serves as the README shows it, until it is told to end. Its streams echo; a unary call returns when a
 * stream has brought the message "release".
 */
final class SignalledServer {
    private SignalledServer() {}

    public static void main(String[] args) throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        try (Server server = Server.builder()
                .port(0)
                .shutdownWindow(Duration.parse(args[0]))
                .service(EchoService.with(
                        stream -> {
                            for (String message : stream) {
                                if (message.equals("release")) {
                                    released.countDown();
                                }
                                stream.send(message);
                            }
                        },
                        request -> {
                            released.await();
                            return request;
                        }))
                .start()) {
            System.out.println("Serving on port " + server.port());
            server.awaitTermination();
        }
    }
}
