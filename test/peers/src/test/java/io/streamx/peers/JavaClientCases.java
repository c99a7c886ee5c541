package io.streamx.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.StringValue;
import io.streamx.CallCancelledException;
import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.client.Client;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The cases of this module, played by a Java client with any server of peers.proto. */
final class JavaClientCases implements AutoCloseable {
    private static final String UNICODE = "größe 漢字 \uD83D\uDE00 100 %\t";
    private static final String LONG = "a rather long error text. ";
    private static final int LONG_TIMES = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Text NOTHING = Text.getDefaultInstance();

    private final int port;
    private final Client client;
    private final PeerClient peer;

    JavaClientCases(int port) {
        this.port = port;
        client = client(port);
        peer = new PeerClient(client).withTimeout(Duration.ofSeconds(30));
    }

    private static Client client(int port) {
        return Client.builder("Peer")
                .address("127.0.0.1:" + port)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    private static Text text(String text) {
        return Text.newBuilder().setText(text).build();
    }

    private StatusException failure(Failure.Builder asked) {
        return catchThrowableOfType(StatusException.class, () -> peer.fail(asked.build()));
    }

    void say() {
        assertThat(peer.say(text("hello")).getText()).isEqualTo("hello");
    }

    void longAndForeignTexts() {
        StatusException cut =
                failure(Failure.newBuilder().setCode(9).setText(LONG).setTimes(LONG_TIMES));
        assertThat(cut.code()).isEqualTo(StatusCode.FAILED_PRECONDITION);
        assertThat(cut.statusMessage()).isNotEmpty();
        assertThat(LONG.repeat(LONG_TIMES)).startsWith(cut.statusMessage());

        StatusException foreign =
                failure(Failure.newBuilder().setCode(5).setText(UNICODE).setTimes(3));
        assertThat(foreign.code()).isEqualTo(StatusCode.NOT_FOUND);
        assertThat(foreign.statusMessage()).isEqualTo(UNICODE.repeat(3));
    }

    void details() throws Exception {
        StatusException failure = failure(
                Failure.newBuilder().setCode(5).setText("text").setTimes(1).setDetail("größe"));
        assertThat(failure.code()).isEqualTo(StatusCode.NOT_FOUND);
        assertThat(failure.statusMessage()).isEqualTo("text");
        assertThat(failure.details()).hasSize(1);
        assertThat(failure.details().getFirst().typeUrl()).isEqualTo("type.googleapis.com/google.protobuf.StringValue");
        assertThat(StringValue.parseFrom(failure.details().getFirst().value()).getValue())
                .isEqualTo("größe");
    }

    void largeTrailers() {
        AtomicReference<Metadata> trailer = new AtomicReference<>(Metadata.EMPTY);
        PeerClient observed = peer.withTrailerMetadata(trailer::set);
        StatusException failure = catchThrowableOfType(
                StatusException.class,
                () -> observed.fail(Failure.newBuilder()
                        .setCode(9)
                        .setText("text")
                        .setTimes(1)
                        .setTrailerBytes(20_000)
                        .build()));
        assertThat(failure.code()).isEqualTo(StatusCode.FAILED_PRECONDITION);
        assertThat(failure.statusMessage()).isEqualTo("text");
        assertThat(trailer.get().values("x-large")).containsExactly("x".repeat(20_000));
    }

    /** {@code inTrailer}: whether the server has trailers of calls that go well. */
    void metadata(boolean inTrailer) {
        byte[] bytes = {0, (byte) 255, 16};
        Metadata sent = Metadata.builder()
                .add("x-two", "a")
                .add("x-two", "b")
                .add("x-bytes-bin", bytes)
                .add("x-bytes-bin", new byte[] {1})
                .build();
        AtomicReference<Metadata> header = new AtomicReference<>(Metadata.EMPTY);
        AtomicReference<Metadata> trailer = new AtomicReference<>(Metadata.EMPTY);
        peer.withMetadata(sent)
                .withHeaderMetadata(header::set)
                .withTrailerMetadata(trailer::set)
                .say(text("m"));
        for (Metadata came : inTrailer ? List.of(header.get(), trailer.get()) : List.of(header.get())) {
            // Node joins values of one name, as HTTP has it.
            assertThat(String.join(", ", came.values("x-two"))).isEqualTo("a, b");
            assertThat(came.binaryValues("x-bytes-bin").stream().map(ByteBuffer::wrap))
                    .containsExactly(ByteBuffer.wrap(bytes), ByteBuffer.wrap(new byte[] {1}));
        }
    }

    void deadline() {
        PeerClient hasty = peer.withTimeout(Duration.ofMillis(500));
        RpcException failure = catchThrowableOfType(RpcException.class, () -> hasty.hang(NOTHING));
        assertThat(failure.statusCode()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        awaitNoneHanging();
    }

    void cancels() throws Exception {
        for (int i = 0; i < 300; i++) {
            CancellableContext context = CallContext.current().cancellable();
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            Thread.startVirtualThread(context.wrap(() -> outcome.complete(catchThrowable(() -> peer.hang(NOTHING)))));
            if (i % 10 == 0) {
                // Most are cancelled on their way; these are known to hang.
                awaitHanging();
            }
            context.cancel("the case asks for it");
            assertThat(outcome.get(20, TimeUnit.SECONDS)).isInstanceOf(CallCancelledException.class);
            context.close();
        }
        awaitNoneHanging();
        say();
    }

    private void awaitHanging() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (peer.hung(NOTHING).getText().equals("0")) {
            assertThat(System.nanoTime()).as("no call hangs").isLessThan(deadline);
        }
    }

    private void awaitNoneHanging() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String hung = peer.hung(NOTHING).getText();
        while (!hung.equals("0")) {
            assertThat(System.nanoTime()).as("%s calls hang still", hung).isLessThan(deadline);
            hung = peer.hung(NOTHING).getText();
        }
    }

    void largeMessages() {
        assertThat(peer.say(text("x".repeat(3_000_000))).getText()).hasSize(3_000_000);
        Text part = text("y".repeat(500_000));
        try (var stream = peer.chat()) {
            for (int i = 0; i < 20; i++) {
                stream.send(part);
                assertThat(stream.recv()).isEqualTo(part);
            }
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }

    void streams() {
        try (var stream = peer.collect()) {
            for (int i = 0; i < 100; i++) {
                stream.send(text("m"));
            }
            assertThat(stream.closeAndRecv()).isEqualTo(text("100"));
        }
        assertThat(received(Amount.newBuilder().setMessages(100).setBytes(10).build(), () -> {}))
                .isEqualTo(100);
    }

    /** A stream that is open when its server begins to close is received whole. */
    void shutdown() {
        Amount amount = Amount.newBuilder().setMessages(200).setBytes(20_000).build();
        assertThat(received(amount, () -> {
                    try (Client other = client(port)) {
                        assertThat(new PeerClient(other).shut(NOTHING)).isEqualTo(NOTHING);
                    }
                }))
                .isEqualTo(200);
    }

    private int received(Amount amount, Runnable afterFirst) {
        List<Text> received = new ArrayList<>();
        try (var stream = peer.produce(amount)) {
            for (Text message = stream.recv(); message != null; message = stream.recv()) {
                if (received.isEmpty()) {
                    afterFirst.run();
                }
                received.add(message);
            }
        }
        return received.size();
    }

    @Override
    public void close() {
        client.close();
    }
}
