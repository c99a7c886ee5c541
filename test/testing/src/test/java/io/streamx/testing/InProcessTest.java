package io.streamx.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.InProcessAddress;
import io.streamx.RpcException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.testing.chat.Chat;
import io.streamx.testing.chat.ChatClient;
import io.streamx.testing.chat.Question;
import io.streamx.testing.chat.Token;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers and clients of one process without a socket, with the extension and without. */
class InProcessTest {
    private final BlockingQueue<CallInfo> served = new LinkedBlockingQueue<>();

    @RegisterExtension
    StreamXServer server = StreamXServer.of(Chat.bind(new ChatHandler()))
            .inProcess()
            .withServer(builder -> builder.callListener(new CallListener() {
                @Override
                public void onStart(CallInfo call) {
                    served.add(call);
                }
            }));

    @ParameterizedTest
    @EnumSource(Transport.class)
    void callsAndStreamsGoThroughNoSocket(Transport transport) throws Exception {
        try (Client client = Client.builder("Chat")
                .address(server.address())
                .transport(transport)
                .build()) {
            ChatClient chat = new ChatClient(client);
            assertThat(chat.greet(new Question("you"))).isEqualTo(new Token("hello you"));
            try (var stream = chat.ask(new Question("a b"))) {
                assertThat(stream).containsExactly(new Token("a"), new Token("b"));
                assertThat(stream.call().remoteAddress()).hasToString(server.address());
            }
            CallInfo call = served.poll(20, TimeUnit.SECONDS);
            assertThat(call).isNotNull();
            assertThat(call.remoteAddress()).isInstanceOfSatisfying(InProcessAddress.class, client1 -> {
                assertThat(server.address()).isEqualTo("in-process:" + client1.name());
                assertThat(client1.connection()).isPositive();
            });
        }
    }

    @Test
    void thereIsNoPort(StreamXServer injected) {
        assertThatThrownBy(injected::port)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the server listens on " + injected.address() + " (expected: a port)");
    }

    @Test
    void aServerListensOnAPortAndWithinTheProcess() {
        try (Server both = Server.builder()
                        .port(0)
                        .inProcess("both")
                        .service(Chat.bind(new ChatHandler()))
                        .start();
                Client outside = Client.builder("Chat")
                        .address("127.0.0.1:" + both.port())
                        .build();
                Client inside = Client.builder("Chat").inProcess("both").build()) {
            assertThat(new ChatClient(outside).greet(new Question("x")).text()).isEqualTo("hello x");
            assertThat(new ChatClient(inside).greet(new Question("y")).text()).isEqualTo("hello y");
        }
    }

    @Test
    void aNameIsOfOneServerAtATimeAndOfNobodyAfterwards() {
        Client client = Client.builder("Chat").inProcess("one-at-a-time").build();
        Server.Builder builder = Server.builder().inProcess("one-at-a-time").service(Chat.bind(new ChatHandler()));
        ChatClient chat = new ChatClient(client);
        try (client) {
            try (Server first = builder.start()) {
                assertThat(first).isNotNull();
                assertThatThrownBy(builder::start)
                        .isInstanceOf(RpcException.class)
                        .hasMessageStartingWith("cannot listen on in-process:one-at-a-time: ")
                        .hasMessageContaining("another server of this process listens on it");
                assertThat(chat.greet(new Question("y")).text()).isEqualTo("hello y");
            }
            assertThatThrownBy(() -> chat.greet(new Question("y")))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("cannot connect to Chat at in-process:one-at-a-time: ")
                    .hasMessageContaining("no server of this process listens on in-process:one-at-a-time");
            try (Server second = builder.start()) {
                assertThat(second).isNotNull();
                assertThat(chat.greet(new Question("z")).text()).isEqualTo("hello z");
            }
        }
    }
}
