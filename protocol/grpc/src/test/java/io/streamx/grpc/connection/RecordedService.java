package io.streamx.grpc.connection;

import io.streamx.BizStatusException;
import io.streamx.ServerStream;
import io.streamx.StreamingMode;
import io.streamx.fixtures.EchoService;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ResultCodec;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import io.streamx.thrift.StructCodec;
import io.streamx.thrift.ThriftReader;
import io.streamx.thrift.ThriftType;
import io.streamx.thrift.ThriftWriter;
import io.streamx.thrift.UnaryResult;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The service of the recorded conversations, in either format: its texts are commands, such as {@code n=2;err:boom}, and
 * what is none is echoed.
 */
final class RecordedService {
    final MethodDescriptor<String, String> echo;
    final MethodDescriptor<String, String> echoClient;
    final MethodDescriptor<String, String> echoServer;
    final MethodDescriptor<String, String> pingPong;
    private final ServiceDescriptor descriptor;

    private RecordedService(
            String grpcPackage,
            String name,
            PayloadFormat format,
            MessageCodec<String> text,
            MessageCodec<String> arguments,
            ResultCodec<String> result) {
        echo = MethodDescriptor.streaming(name, "Echo", StreamingMode.BIDIRECTIONAL, text, text)
                .withFormat(format);
        echoClient = MethodDescriptor.streaming(name, "EchoClient", StreamingMode.CLIENT, text, text)
                .withFormat(format);
        echoServer = MethodDescriptor.streaming(name, "EchoServer", StreamingMode.SERVER, text, text)
                .withFormat(format);
        pingPong = MethodDescriptor.unary(name, "PingPong", arguments, result).withFormat(format);
        descriptor = new ServiceDescriptor(name, grpcPackage, format, List.of(echo, echoClient, echoServer, pingPong));
    }

    static RecordedService thrift() {
        return new RecordedService(
                "echo",
                "TestService",
                PayloadFormat.THRIFT,
                EchoService.TEXT,
                new Arguments(),
                UnaryResult.of(EchoService.TEXT));
    }

    static RecordedService protobuf() {
        return new RecordedService(
                "pb",
                "PbTestService",
                PayloadFormat.PROTOBUF,
                PbTestService.TEXT,
                PbTestService.TEXT,
                PbTestService.PING_PONG.resultCodec());
    }

    ServiceDefinition definition() {
        return ServiceDefinition.builder(descriptor)
                .bidiStreaming(echo, stream -> {
                    for (String text : stream) {
                        if (!obey(text, stream)) {
                            stream.send(text);
                            return;
                        }
                        stream.send(text);
                    }
                })
                .clientStreaming(echoClient, stream -> {
                    int messages = 0;
                    int bytes = 0;
                    for (String text : stream) {
                        messages++;
                        bytes += text.length();
                    }
                    stream.sendAndClose("got " + messages + " messages, " + bytes + " bytes");
                })
                .serverStreaming(echoServer, (text, stream) -> {
                    int replies = text.startsWith("n=") ? text.charAt(2) - '0' : 3;
                    for (int i = 0; i < replies; i++) {
                        stream.send(i + ":" + text);
                    }
                    obey(text, stream);
                })
                .unary(pingPong, text -> {
                    obey(text, null);
                    return text;
                })
                .build();
    }

    /** Whether the stream goes on. */
    private static boolean obey(String text, @Nullable ServerStream stream) {
        boolean goesOn = true;
        for (String command : text.split(";", -1)) {
            String[] words = command.split(":", -1);
            switch (words[0]) {
                case "hdr" -> Objects.requireNonNull(stream).setHeader(entry(words[1]));
                case "trl" -> Objects.requireNonNull(stream).setTrailer(entry(words[1]));
                case "err" -> throw new IllegalStateException(command.substring("err:".length()));
                case "panic" -> throw new AssertionError(command.substring("panic:".length()));
                case "biz" -> throw new BizStatusException(Integer.parseInt(words[1]), words[2], entry(words[3]));
                case "early" -> goesOn = false;
                default -> {}
            }
        }
        return goesOn;
    }

    private static Map<String, String> entry(String text) {
        int equals = text.indexOf('=');
        return Map.of(text.substring(0, equals), text.substring(equals + 1));
    }

    /** A Thrift method's arguments: one struct, field 1. */
    private static final class Arguments extends StructCodec<String> {
        Arguments() {
            super("PingPong_args");
        }

        @Override
        protected void writeFields(String value, ThriftWriter out) {
            out.writeStructField(1, value, EchoService.TEXT);
        }

        @Override
        protected String readFields(ThriftReader in) {
            String text = "";
            for (int field = in.readField(); field != ThriftType.STOP; field = in.readField()) {
                if (field == (ThriftType.STRUCT_FIELD | 1)) {
                    text = EchoService.TEXT.read(in);
                } else {
                    in.skipField();
                }
            }
            return text;
        }

        @Override
        protected @Nullable String fieldName(int id) {
            return id == 1 ? "req" : null;
        }
    }
}
