package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.streamx.StreamingMode;
import io.streamx.client.Client;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import io.streamx.thrift.StructCodec;
import io.streamx.thrift.ThriftReader;
import io.streamx.thrift.ThriftType;
import io.streamx.thrift.ThriftWriter;
import io.streamx.thrift.UnaryResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the generator would write for a service of three streams and a unary method over a struct of one text. */
final class EchoService {
    static final StructCodec<String> TEXT = new TextCodec();
    static final MethodDescriptor<String, String> BIDI =
            MethodDescriptor.streaming("EchoService", "Bidi", StreamingMode.BIDIRECTIONAL, TEXT, TEXT);
    static final MethodDescriptor<String, String> COLLECT =
            MethodDescriptor.streaming("EchoService", "Collect", StreamingMode.CLIENT, TEXT, TEXT);
    static final MethodDescriptor<String, String> PRODUCE =
            MethodDescriptor.streaming("EchoService", "Produce", StreamingMode.SERVER, TEXT, TEXT);
    static final MethodDescriptor<String, String> MISSING =
            MethodDescriptor.streaming("EchoService", "Missing", StreamingMode.BIDIRECTIONAL, TEXT, TEXT);
    static final MethodDescriptor<String, String> SAY =
            MethodDescriptor.unary("EchoService", "Say", TEXT, UnaryResult.of(TEXT));

    private static final ServiceDescriptor DESCRIPTOR =
            new ServiceDescriptor("EchoService", "echo", PayloadFormat.THRIFT, List.of(BIDI, COLLECT, PRODUCE, SAY));

    private EchoService() {}

    static ServiceDefinition with(
            ServiceDefinition.BidiStreamingHandler<String, String> bidi,
            ServiceDefinition.ClientStreamingHandler<String, String> collect,
            ServiceDefinition.ServerStreamingHandler<String, String> produce,
            ServiceDefinition.UnaryHandler<String, String> say) {
        return ServiceDefinition.builder(DESCRIPTOR)
                .bidiStreaming(BIDI, bidi)
                .clientStreaming(COLLECT, collect)
                .serverStreaming(PRODUCE, produce)
                .unary(SAY, say)
                .build();
    }

    /** A service whose bidirectional method does that; the others echo, count and repeat. */
    static ServiceDefinition bidi(ServiceDefinition.BidiStreamingHandler<String, String> bidi) {
        return with(bidi, request -> request);
    }

    /** A service whose bidirectional and unary methods do that. */
    static ServiceDefinition with(
            ServiceDefinition.BidiStreamingHandler<String, String> bidi,
            ServiceDefinition.UnaryHandler<String, String> say) {
        return with(
                bidi,
                stream -> {
                    int count = 0;
                    while (stream.recv() != null) {
                        count++;
                    }
                    stream.sendAndClose("got " + count);
                },
                (request, stream) -> {
                    for (int i = 0; i < Integer.parseInt(request); i++) {
                        stream.send("reply " + i);
                    }
                },
                say);
    }

    static ServiceDefinition echo() {
        return bidi(stream -> {
            for (String message : stream) {
                stream.send(message);
            }
        });
    }

    static io.streamx.BidiStreamingClient<String, String> bidi(Client client) {
        return client.bidiStreaming(BIDI, CallOptions.NONE);
    }

    private static final class TextCodec extends StructCodec<String> {
        TextCodec() {
            super("Text");
        }

        @Override
        protected void writeFields(String value, ThriftWriter out) {
            out.writeStringField(1, value);
        }

        @Override
        protected String readFields(ThriftReader in) {
            String text = "";
            for (int field = in.readField(); field != ThriftType.STOP; field = in.readField()) {
                if (field == (ThriftType.STRING_FIELD | 1)) {
                    text = in.readString();
                } else {
                    in.skipField();
                }
            }
            return text;
        }

        @Override
        protected @Nullable String fieldName(int id) {
            return id == 1 ? "text" : null;
        }
    }

    /** For tests that look at bytes. */
    static byte[] encoded(String text) {
        ByteBuf out = io.netty.buffer.Unpooled.buffer();
        TEXT.encode(text, out);
        return io.netty.buffer.ByteBufUtil.getBytes(out);
    }
}
