package io.streamx.peers;

import com.google.protobuf.StringValue;
import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.ClientStreamingServer;
import io.streamx.Metadata;
import io.streamx.ServerStreamingServer;
import io.streamx.StatusDetail;
import io.streamx.StatusException;
import io.streamx.server.Server;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The service of peers.proto, served by Java. */
final class PeerServer implements Peer, AutoCloseable {
    private final AtomicInteger hanging = new AtomicInteger();
    private final Server server;

    PeerServer() {
        server = Server.builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .shutdownWindow(Duration.ofSeconds(30))
                .service(Peer.bind(this))
                .start();
    }

    int port() {
        return server.port();
    }

    @Override
    public Text say(Text request) {
        CallContext call = CallContext.current();
        Metadata came = call.metadata();
        Metadata.Builder echoed = Metadata.builder();
        came.values("x-two").forEach(value -> echoed.add("x-two", value));
        came.binaryValues("x-bytes-bin").forEach(value -> echoed.add("x-bytes-bin", value));
        call.sendHeader(echoed.build());
        call.setTrailer(echoed.build());
        return request;
    }

    @Override
    public Text fail(Failure request) {
        if (request.getTrailerBytes() > 0) {
            try {
                CallContext.current().setTrailer(Map.of("x-large", "x".repeat(request.getTrailerBytes())));
            } catch (IllegalArgumentException larger) {
                // This caller takes less, as it has announced: it gets the status alone.
            }
        }
        if (request.getCode() == 0) {
            return Text.getDefaultInstance();
        }
        List<StatusDetail> details = request.getDetail().isEmpty()
                ? List.of()
                : List.of(new StatusDetail(
                        "type.googleapis.com/google.protobuf.StringValue",
                        StringValue.of(request.getDetail()).toByteArray()));
        throw new StatusException(request.getCode(), request.getText().repeat(request.getTimes()), details);
    }

    @Override
    public void produce(Amount request, ServerStreamingServer<Text> stream) {
        Text message = Text.newBuilder().setText("x".repeat(request.getBytes())).build();
        for (int i = 0; i < request.getMessages(); i++) {
            stream.send(message);
        }
    }

    @Override
    public void collect(ClientStreamingServer<Text, Text> stream) {
        int count = 0;
        while (stream.recv() != null) {
            count++;
        }
        stream.sendAndClose(text(count));
    }

    @Override
    public void chat(BidiStreamingServer<Text, Text> stream) {
        for (Text message : stream) {
            stream.send(message);
        }
    }

    @Override
    public Text hang(Text request) throws InterruptedException {
        hanging.incrementAndGet();
        try {
            // The end of the call interrupts this.
            new CountDownLatch(1).await();
            return request;
        } finally {
            hanging.decrementAndGet();
        }
    }

    @Override
    public Text hung(Text request) {
        return text(hanging.get());
    }

    @Override
    public Text shut(Text request) {
        Thread.startVirtualThread(server::close);
        return request;
    }

    private static Text text(int number) {
        return Text.newBuilder().setText(Integer.toString(number)).build();
    }

    @Override
    public void close() {
        server.close();
    }
}
