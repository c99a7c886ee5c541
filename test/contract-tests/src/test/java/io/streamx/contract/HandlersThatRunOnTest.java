package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import io.streamx.testkit.LogLines;
import io.streamx.thrift.UnaryResult;
import java.time.Duration;
import java.util.List;
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

    /** Nothing ends a oneway handler, whose caller does not wait, so it is named once its server has closed. */
    @Test
    void aOnewayCallWhoseServerHasClosed() throws Exception {
        MethodDescriptor<String, Void> tell =
                MethodDescriptor.oneway("Notes", "Tell", EchoService.TEXT, UnaryResult.ofVoid());
        Server server =
                serve(ServiceDefinition.builder(new ServiceDescriptor("Notes", "", PayloadFormat.THRIFT, List.of(tell)))
                        .unary(tell, request -> {
                            runOn();
                            return null;
                        })
                        .build());
        // gRPC has no oneway calls.
        Client client = ends.connect(server, builder -> builder.transport(Transport.TTHEADER));
        try (LogLines lines = new LogLines()) {
            Void nothing = client.call(tell, "m", CallOptions.NONE);
            assertThat(nothing).isNull();
            running.await();
            server.close();

            lines.await("the handler of Notes.Tell still runs 0.05 s after its server has closed");
            lines.await("HandlersThatRunOnTest.runOn");
        } finally {
            mayEnd.countDown();
        }
    }
}
