package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.BidiStreamingClient;
import io.streamx.CallContext;
import io.streamx.client.Client;
import io.streamx.discovery.Advertisement;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.MemoryRegistry;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A server that is leaving tells the streams of its callers, which end politely and are opened again elsewhere. */
class ClientDrainingTest extends OnEveryTransport {
    private final MemoryRegistry registry = new MemoryRegistry();

    /** Answers each message with its name, until its caller has no more. */
    private Server.Builder server(String name) {
        return Server.builder()
                .port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .leaveDelay(Duration.ZERO)
                .shutdownWindow(Duration.ofSeconds(30))
                .advertise(Advertisement.as("a.b.c"))
                .service(EchoService.with(
                        stream -> {
                            for (String ignored : stream) {
                                stream.send(name);
                            }
                        },
                        request -> name));
    }

    private Client.Builder client() {
        return Client.builder("a.b.c").with(transport::choose);
    }

    private static String ask(BidiStreamingClient<String, String> stream) {
        stream.send("who");
        return stream.recv();
    }

    private static void end(BidiStreamingClient<String, String> stream) {
        stream.closeSend();
        assertThat(stream.recv()).isNull();
    }

    private static void awaitTold(CountDownLatch told) throws InterruptedException {
        assertThat(told.await(60, TimeUnit.SECONDS)).as("the stream was told").isTrue();
    }

    @Test
    void aChatIsToldEndsPolitelyAndIsOpenedAgainElsewhere() throws Exception {
        try (Server one = server("one").registry(registry).start();
                Client client = client().resolver(registry).build()) {
            BidiStreamingClient<String, String> chat = EchoService.bidi(client);
            assertThat(ask(chat)).isEqualTo("one");
            CountDownLatch told = new CountDownLatch(1);
            CallContext.Registration registration = chat.onDraining(told::countDown);
            try (Server two = server("two").registry(registry).start()) {
                Thread closing = Thread.ofVirtual().start(one::close);
                awaitTold(told);
                // It goes on until its caller is done with it.
                assertThat(ask(chat)).isEqualTo("one");
                end(chat);
                try (BidiStreamingClient<String, String> again = EchoService.bidi(client)) {
                    assertThat(ask(again)).isEqualTo("two");
                    end(again);
                }
                closing.join();
                assertThat(two.port()).isPositive();
            }
            registration.close();
        }
    }

    @Test
    void withoutARegistryNewStreamsAndCallsAvoidTheLeavingServerAtOnceToo() throws Exception {
        try (Server one = server("one").start();
                Server two = server("two").start();
                Client client = client().address("127.0.0.1:" + one.port())
                        .address("127.0.0.1:" + two.port())
                        .build()) {
            BidiStreamingClient<String, String> chat = EchoService.bidi(client);
            String leaving = ask(chat);
            Server closed = leaving.equals("one") ? one : two;
            String other = leaving.equals("one") ? "two" : "one";
            CountDownLatch told = new CountDownLatch(1);
            CallContext.Registration registration = chat.onDraining(told::countDown);
            Thread closing = Thread.ofVirtual().start(closed::close);
            awaitTold(told);
            for (int i = 0; i < 10; i++) {
                try (BidiStreamingClient<String, String> stream = EchoService.bidi(client)) {
                    assertThat(ask(stream)).isEqualTo(other);
                    end(stream);
                }
                assertThat(client.call(EchoService.SAY, "who", CallOptions.NONE))
                        .isEqualTo(other);
            }
            end(chat);
            closing.join();
            registration.close();
        }
    }

    @Test
    void whoAsksLaterIsToldAtOnceAndWhoHasEndedOrAskedToBeForgottenIsNot() throws Exception {
        try (Server one = server("one").start();
                Client client = client().address("127.0.0.1:" + one.port())
                        .connections(1)
                        .build()) {
            BidiStreamingClient<String, String> chat = EchoService.bidi(client);
            BidiStreamingClient<String, String> ended = EchoService.bidi(client);
            assertThat(ask(chat)).isEqualTo("one");
            assertThat(ask(ended)).isEqualTo("one");
            CountDownLatch toldTheEnded = new CountDownLatch(1);
            CountDownLatch toldTheForgotten = new CountDownLatch(1);
            CountDownLatch told = new CountDownLatch(1);
            CallContext.Registration ofTheEnded = ended.onDraining(toldTheEnded::countDown);
            chat.onDraining(toldTheForgotten::countDown).close();
            CallContext.Registration first = chat.onDraining(told::countDown);
            end(ended);
            Thread closing = Thread.ofVirtual().start(one::close);
            awaitTold(told);
            CountDownLatch toldLate = new CountDownLatch(1);
            CallContext.Registration late = chat.onDraining(toldLate::countDown);
            awaitTold(toldLate);
            assertThat(toldTheEnded.getCount()).isOne();
            assertThat(toldTheForgotten.getCount()).isOne();
            end(chat);
            closing.join();
            CallContext.Registration afterwards = chat.onDraining(toldTheEnded::countDown);
            assertThat(toldTheEnded.getCount()).isOne();
            afterwards.close();
            late.close();
            first.close();
            ofTheEnded.close();
        }
    }
}
