package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.streamx.BizStatusException;
import io.streamx.RpcException;
import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.OpenEnds;
import io.streamx.grpc.GrpcOptions;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MessageCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations of Kitex and grpc-go, played again with us in the place of one of them. */
@Timeout(60)
class RecordedConversationsTest {
    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "thrift-bidi",
                "thrift-bidi-header-trailer",
                "thrift-bidi-bin-metadata",
                "thrift-client-stream",
                "thrift-server-stream",
                "thrift-unary",
                "pb-bidi",
                "pb-bidi-early",
                "pb-server-biz",
                "pb-server-error-after-2",
                "pb-trailers-only",
                "pb-unary",
                "pb-unary-error-utf8",
                "pb-unknown-method",
                "pb-unknown-service",
                "grpc-go-to-kitex-bidi",
                "grpc-go-to-kitex-unary"
            })
    void ourServerAnswersTheRecordedClientAsTheRecordedServerDid(String name) throws Exception {
        List<RecordedFrame> recorded = RecordedFrame.read(name);
        Server server = ends.serve(
                RecordedService.thrift().definition(),
                builder -> builder.service(RecordedService.protobuf().definition())
                        .transportOptions(GrpcOptions.builder()
                                .errorStyle(GrpcOptions.ErrorStyle.KITEX)
                                .build()));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            for (RecordedFrame frame : recorded) {
                if (frame.fromClient()) {
                    play(peer, frame);
                }
            }
            peer.play(frame -> frame.type() == Frame.HEADERS && frame.endsStream());
            assertThat(answer(peer.seen())).isEqualTo(recordedAnswer(recorded));
        }
    }

    private static void play(Http2Peer peer, RecordedFrame frame) throws IOException {
        int end = frame.end() ? Frame.END_STREAM : 0;
        if (frame.isHeaders()) {
            peer.write(Frame.HEADERS, Frame.END_HEADERS | end, frame.stream(), frame.bytes());
        } else if (frame.isData()) {
            peer.write(Frame.DATA, end, frame.stream(), frame.bytes());
        }
    }

    /** Heads, all the messages as one, and trailers. */
    private static List<Object> answer(List<Frame> frames) {
        List<Object> answer = new ArrayList<>();
        String data = "";
        for (Frame frame : frames) {
            if (frame.type() == Frame.HEADERS) {
                answer.add(frame.headers());
            } else if (frame.type() == Frame.DATA) {
                data += java.util.HexFormat.of().formatHex(frame.payload());
            }
        }
        answer.add(data);
        return answer;
    }

    private static List<Object> recordedAnswer(List<RecordedFrame> frames) {
        List<Object> answer = new ArrayList<>();
        String data = "";
        for (RecordedFrame frame : frames) {
            if (!frame.fromClient() && frame.isHeaders()) {
                answer.add(frame.headers());
            } else if (!frame.fromClient() && frame.isData()) {
                data += java.util.HexFormat.of().formatHex(frame.bytes());
            }
        }
        answer.add(data);
        return answer;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "thrift-bidi",
                "thrift-bidi-header-trailer",
                "thrift-bidi-bin-metadata",
                "pb-bidi",
                "pb-bidi-early",
                "pb-bidi-panic",
                "kitex-to-grpc-go-bidi",
                "kitex-to-grpc-go-early",
                "pb-server-biz",
                "pb-server-error-after-2",
                "pb-trailers-only",
                "pb-unary-error-utf8",
                "pb-unary-gbiz",
                "pb-unknown-method",
                "pb-unknown-service"
            })
    void ourClientUnderstandsTheRecordedServer(String name) throws Exception {
        List<RecordedFrame> recorded = RecordedFrame.read(name);
        RecordedService service = name.startsWith("thrift") ? RecordedService.thrift() : RecordedService.protobuf();
        MessageCodec<String> codec = service.echo.requestCodec();
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
                Client client = ends.connect(listener.getLocalPort(), plain -> {});
                var stream = client.bidiStreaming(service.echo, CallOptions.NONE);
                Http2Peer peer = Http2Peer.accept(listener)) {
            peer.settings();
            peer.await(Frame.HEADERS, 1);
            for (RecordedFrame frame : recorded) {
                if (!frame.fromClient()) {
                    play(peer, frame);
                }
            }
            Map<String, String> trailers = recorded.stream()
                    .filter(frame -> !frame.fromClient() && frame.isHeaders() && frame.end())
                    .findFirst()
                    .orElseThrow()
                    .headers();
            for (RecordedFrame frame : recorded) {
                if (!frame.fromClient() && frame.isData()) {
                    assertThat(stream.recv()).isEqualTo(text(codec, frame));
                }
            }
            assertOutcome(CompletableFuture.supplyAsync(stream::recv), trailers);
            for (String key : List.of("h1", "t1")) {
                String value = trailers.get(key);
                if (value != null) {
                    assertThat(stream.trailer()).containsEntry(key, value);
                }
            }
        }
    }

    private static String text(MessageCodec<String> codec, RecordedFrame frame) {
        return codec.decode(Unpooled.wrappedBuffer(frame.bytes()).skipBytes(MessagePrefix.BYTES));
    }

    private static void assertOutcome(CompletableFuture<String> next, Map<String, String> trailers) throws Exception {
        int status = Integer.parseInt(trailers.get("grpc-status"));
        if (status == 0) {
            assertThat(next.get(10, TimeUnit.SECONDS)).isNull();
            return;
        }
        RpcException failure = (RpcException)
                next.handle((message, thrown) -> thrown.getCause()).get(10, TimeUnit.SECONDS);
        if (trailers.containsKey("biz-status")) {
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            BizStatusException.class,
                            business -> assertThat(business.code())
                                    .isEqualTo(Integer.parseInt(trailers.get("biz-status"))));
        } else {
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            StatusException.class, own -> assertThat(own.code()).isEqualTo(status));
        }
    }
}
