package io.streamx.contract;

import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import io.streamx.testkit.LogLines;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A handler that ignores that its call has ended is named in the log, also when its server has closed. */
class HandlersThatRunOnTest extends OnEveryTransport {
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    private void runOn() {
        running.countDown();
        boolean ended = false;
        while (!ended) {
            try {
                mayEnd.await();
                ended = true;
            } catch (InterruptedException ignoredOnPurpose) {
                // This handler runs on.
            }
        }
    }

    private Server serve(ServiceDefinition service) {
        return ends.serve(service, builder -> builder.lateHandlerWarning(Duration.ofMillis(50)));
    }

    @Test
    void aStreamWhoseServerHasClosed() throws Exception {
        Server server = serve(EchoService.bidi(stream -> runOn()));
        Client client = ends.connect(server);
        try (LogLines lines = new LogLines();
                var stream = EchoService.bidi(client)) {
            stream.send("one");
            running.await();
            server.close();

            lines.await("the handler of EchoService.Bidi still runs 0.05 s after its call has ended");
            lines.await("HandlersThatRunOnTest.runOn");
        } finally {
            mayEnd.countDown();
        }
    }

    @Test
    void aUnaryCallWhoseServerHasClosed() throws Exception {
        Server server = serve(EchoService.with(stream -> {}, request -> {
            runOn();
            return request;
        }));
        Client client = ends.connect(server);
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                String unused = client.call(EchoService.SAY, "m", CallOptions.NONE);
            } catch (RuntimeException theServerHasClosed) {
                // The call fails with its connection.
            }
        });
        try (LogLines lines = new LogLines()) {
            running.await();
            server.close();

            lines.await("the handler of EchoService.Say still runs 0.05 s after its call has ended");
            lines.await("HandlersThatRunOnTest.runOn");
        } finally {
            mayEnd.countDown();
            caller.join();
        }
    }
}
