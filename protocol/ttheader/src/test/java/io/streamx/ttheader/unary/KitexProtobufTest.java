package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.PingPong;
import io.streamx.client.Client;
import io.streamx.net.FrameCutter;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ResultCodec;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import io.streamx.thrift.MessageHeader;
import io.streamx.wire.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Unary calls of a Protobuf service of Kitex without gRPC: {@code rpc PingPong(Req) returns (Res)}. */
@Timeout(60)
class KitexProtobufTest {
    /** {@code message Req { string message = 1; }}, and Res alike, as its text. */
    private static final class TextCodec implements MessageCodec<String>, ResultCodec<String> {
        @Override
        public void encode(String message, ByteBuf out) {
            if (!message.isEmpty()) {
                out.writeByte(0x0a).writeByte(message.length());
                out.writeCharSequence(message, StandardCharsets.US_ASCII);
            }
        }

        @Override
        public String decode(ByteBuf in) {
            return in.isReadable() ? in.skipBytes(2).readString(in.readableBytes(), StandardCharsets.UTF_8) : "";
        }

        @Override
        public void encodeResult(@Nullable String result, ByteBuf out) {
            encode(result == null ? "" : result, out);
        }

        @Override
        public boolean encodeException(Throwable failure, ByteBuf out) {
            return false;
        }
    }

    private static final MethodDescriptor<String, String> PING_PONG = method("PingPong");
    private static final MethodDescriptor<String, String> MISSING = method("Missing");

    private static MethodDescriptor<String, String> method(String name) {
        TextCodec codec = new TextCodec();
        return MethodDescriptor.<String, String>unary("PbService", name, codec, codec)
                .withFormat(PayloadFormat.PROTOBUF);
    }

    private static Server serve() {
        ServiceDefinition service = ServiceDefinition.builder(
                        new ServiceDescriptor("PbService", "pb", PayloadFormat.PROTOBUF, List.of(PING_PONG)))
                .unary(PING_PONG, request -> switch (request) {
                    case "!err:boom" -> throw new IllegalStateException("boom");
                    case "!biz" -> throw new BizStatusException(404, "not found", Map.of("k", "v"));
                    default -> request;
                })
                .build();
        return Server.builder()
                .port(0)
                .service(service)
                .service(Echo.bind(new Echo.Handler() {}))
                .start();
    }

    private static Client.Builder client(Server server) {
        return Client.builder("demo.b").address("127.0.0.1:" + server.port()).pingPong(PingPong.FRAMED);
    }

    private static String call(Client client, MethodDescriptor<String, String> method, String text) {
        return String.valueOf(client.call(method, text, CallOptions.NONE));
    }

    record Golden(String name, JsonNode frame) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Golden> golden() throws IOException {
        List<Golden> frames = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                KitexProtobufTest.class.getResourceAsStream("/golden/ttheader/kitex-pb.jsonl"),
                StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonNode frame = json.readTree(line);
                frames.add(new Golden(frame.get("name").asText(), frame));
            }
        }
        return frames.stream();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void aMessageIsReadAsKitexMeantIt(Golden golden) {
        List<ReceivedMessage> messages = new ArrayList<>();
        FrameCutter cutter = new FrameCutter(new MessageFraming(Limits.DEFAULT, new MessageFraming.Receiver() {
            @Override
            public void onMessage(ReceivedMessage message) {
                messages.add(message);
            }

            @Override
            public void onOversized(ReceivedMessage head, long messageBytes) {
                throw new AssertionError(head);
            }

            @Override
            public boolean isPaused() {
                return false;
            }
        }));

        for (byte one : HexFormat.of().parseHex(golden.frame.get("hex").asText())) {
            assertThat(messages).isEmpty();
            cutter.feed(Unpooled.wrappedBuffer(new byte[] {one}));
        }

        ReceivedMessage message = messages.getFirst();
        JsonNode envelope = golden.frame.get("message");
        assertThat(message.format()).isEqualTo(PayloadFormat.PROTOBUF);
        assertThat(message.carrier()).isEqualTo(PingPong.TTHEADER_FRAMED);
        assertThat(message.header())
                .isEqualTo(new MessageHeader(
                        MessageHeader.Type.valueOf(envelope.get("type").asText().toUpperCase(Locale.ROOT)),
                        envelope.get("name").asText(),
                        envelope.get("seqId").asInt()));
        assertThat(ByteBufUtil.hexDump(message.struct()))
                .isEqualTo(golden.frame.get("protobuf").asText());
        if (message.header().type() == MessageHeader.Type.EXCEPTION) {
            ByteBuf again = Unpooled.buffer();
            ErrorProto.encode(ErrorProto.decode(message.struct().duplicate()), again);
            assertThat(ByteBufUtil.hexDump(again))
                    .isEqualTo(golden.frame.get("protobuf").asText());
        }
    }

    @ParameterizedTest
    @EnumSource(PingPong.class)
    void aCallGoesBehindATTHeaderWhateverTheClientIsSetTo(PingPong carrier) {
        try (Server server = serve();
                Client client = client(server).pingPong(carrier).build()) {
            assertThat(call(client, PING_PONG, "hello")).isEqualTo("hello");
            assertThat(call(client, PING_PONG, "")).isEmpty();
            assertThatThrownBy(() -> call(client, PING_PONG, "!err:boom"))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessage("biz error: boom")
                    .extracting(e -> ((ApplicationException) e).type())
                    .isEqualTo(ApplicationException.INTERNAL_ERROR);
            assertThatThrownBy(() -> call(client, PING_PONG, "!biz"))
                    .isInstanceOf(BizStatusException.class)
                    .hasMessage("biz error: code=404, msg=not found, extra={k=v}");
            assertThatThrownBy(() -> call(client, MISSING, "x"))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessage("unknown method Missing (service PbService)");
            assertThat(new EchoClient(client).say("Thrift beside it")).isEqualTo("Thrift beside it");
        }
    }

    @Test
    void callsAreMultiplexedAsThoseOfThriftAre() {
        try (Server server = serve();
                Client client = client(server)
                        .pingPong(PingPong.TTHEADER)
                        .multiplexCalls(true)
                        .build()) {
            assertThat(call(client, PING_PONG, "hello")).isEqualTo("hello");
        }
    }

    @Test
    void aFramedRequestWithoutTTHeaderIsAnsweredInKind() throws IOException {
        try (Server server = serve();
                RawPeer peer = RawPeer.connect(server.port())) {
            peer.send("0000001b900100010000000850696e67506f6e67000000070a0568656c6c6f");

            assertThat(peer.receiveFrame()).isEqualTo("900100020000000850696e67506f6e67000000070a0568656c6c6f");
        }
    }

    @Test
    void aMethodCalledInTheOtherFormatSaysSo() throws IOException {
        try (Server server = serve();
                RawPeer peer = RawPeer.connect(server.port());
                RawPeer other = RawPeer.connect(server.port())) {
            peer.send(
                    RawPeer.framed(new MessageHeader(MessageHeader.Type.CALL, "PingPong", 1), out -> out.writeByte(0)));
            assertThat(peer.receive().exception())
                    .isEqualTo("9: PbService.PingPong was called in THRIFT (expected: PROTOBUF)");
            assertThat(peer.isEnded()).isTrue();

            other.send("000000119001000100000003536179000000010a00");
            assertThat(other.receiveFrame()).startsWith("9001000300000003536179");
            assertThat(other.isEnded()).isTrue();
        }
    }

    @Test
    void anExceptionThatIsNoErrorProtoIsAnErrorOfItsOwn() {
        for (String hex : new String[] {"0a", "12ff", "0b", "08ffffffffffffffffffff01", "0d0102"}) {
            ByteBuf bytes = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
            assertThatThrownBy(() -> ErrorProto.decode(bytes))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageEndingWith("(expected: an ErrorProto)");
        }
        // Fields of a newer version are passed over.
        ByteBuf newer =
                Unpooled.wrappedBuffer(HexFormat.of().parseHex("08141801220178290102030405060708350102030412026f6b"));
        assertThat(ErrorProto.decode(newer))
                .hasMessage("ok")
                .extracting(ApplicationException::type)
                .isEqualTo(20);
    }
}
