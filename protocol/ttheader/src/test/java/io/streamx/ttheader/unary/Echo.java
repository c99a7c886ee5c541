package io.streamx.ttheader.unary;

import io.streamx.DeclaredException;
import io.streamx.ServerStreamingServer;
import io.streamx.StreamingMode;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import io.streamx.thrift.StructCodec;
import io.streamx.thrift.ThriftReader;
import io.streamx.thrift.ThriftType;
import io.streamx.thrift.ThriftWriter;
import io.streamx.thrift.UnaryResult;
import io.streamx.thrift.ValueCodec;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The service of these tests, as the generator would write it:
 *
 * <pre>
 * struct Text { 1: required string value }
 * exception Refused { 1: required string why }
 * service Echo {
 *     Text Say(1: Text text) throws (1: Refused refused)
 *     void Ping()
 *     oneway void Note(1: Text text)
 *     string Join(1: string left, 2: string right)
 *     Text Watch(1: Text text) (streaming.mode="server")
 * }
 * </pre>
 */
final class Echo {
    record Text(String value) {
        static final StructCodec<Text> CODEC =
                new OneField<>("Text", "value", ValueCodec.STRING, Text::value, Text::new);
    }

    static final class Refused extends DeclaredException {
        private static final long serialVersionUID = 1L;
        static final StructCodec<Refused> CODEC =
                new OneField<>("Refused", "why", ValueCodec.STRING, Refused::why, Refused::new);

        private final String why;

        Refused(String why) {
            super("Refused[why=" + why + "]");
            this.why = why;
        }

        String why() {
            return why;
        }
    }

    record SayArgs(Text text) {
        static final StructCodec<SayArgs> CODEC =
                new OneField<>("Say_args", "text", Text.CODEC, SayArgs::text, SayArgs::new);
    }

    record PingArgs() {}

    record JoinArgs(String left, String right) {}

    static final MethodDescriptor<SayArgs, Text> SAY = MethodDescriptor.unary(
            "Echo", "Say", SayArgs.CODEC, UnaryResult.of(Text.CODEC).or(1, Refused.class, Refused.CODEC));
    static final MethodDescriptor<PingArgs, Void> PING =
            MethodDescriptor.unary("Echo", "Ping", new NoFields(), UnaryResult.ofVoid());
    static final MethodDescriptor<SayArgs, Void> NOTE =
            MethodDescriptor.oneway("Echo", "Note", SayArgs.CODEC, UnaryResult.ofVoid());
    static final MethodDescriptor<JoinArgs, String> JOIN =
            MethodDescriptor.unary("Echo", "Join", new JoinCodec(), UnaryResult.of(ValueCodec.STRING));
    static final MethodDescriptor<Text, Text> WATCH =
            MethodDescriptor.streaming("Echo", "Watch", StreamingMode.SERVER, Text.CODEC, Text.CODEC);

    /** A method of the client's IDL that no server has. */
    static final MethodDescriptor<SayArgs, Text> MISSING =
            MethodDescriptor.unary("Echo", "Missing", SayArgs.CODEC, UnaryResult.of(Text.CODEC));
    /** The stream as a client sees it whose IDL has no streaming.mode. */
    static final MethodDescriptor<SayArgs, Text> WATCH_AS_UNARY =
            MethodDescriptor.unary("Echo", "Watch", SayArgs.CODEC, UnaryResult.of(Text.CODEC));

    static final ServiceDescriptor SERVICE =
            new ServiceDescriptor("Echo", "", PayloadFormat.THRIFT, List.of(SAY, PING, NOTE, JOIN, WATCH));

    /** What the service does; each method does something harmless unless overridden. */
    interface Handler {
        default @Nullable Text say(Text text) throws Exception {
            return text;
        }

        default void ping() throws Exception {}

        default void note(Text text) throws Exception {}

        default String join(String left, String right) throws Exception {
            return left + right;
        }

        default void watch(Text text, ServerStreamingServer<Text> stream) {
            stream.send(text);
        }
    }

    private Echo() {}

    static ServiceDefinition bind(Handler handler) {
        return ServiceDefinition.builder(SERVICE)
                .unary(SAY, args -> handler.say(args.text()))
                .unary(PING, args -> {
                    handler.ping();
                    return null;
                })
                .unary(NOTE, args -> {
                    handler.note(args.text());
                    return null;
                })
                .unary(JOIN, args -> handler.join(args.left(), args.right()))
                .serverStreaming(WATCH, handler::watch)
                .build();
    }

    private static final class OneField<T, F> extends StructCodec<T> {
        private final String fieldName;
        private final ValueCodec<F> codec;
        private final Function<T, F> getter;
        private final Function<F, T> maker;

        OneField(String name, String fieldName, ValueCodec<F> codec, Function<T, F> getter, Function<F, T> maker) {
            super(name);
            this.fieldName = fieldName;
            this.codec = codec;
            this.getter = getter;
            this.maker = maker;
        }

        @Override
        protected void writeFields(T value, ThriftWriter out) {
            out.writeField(1, getter.apply(value), codec);
        }

        @Override
        protected T readFields(ThriftReader in) {
            F field = null;
            for (int header = in.readField(); header != ThriftType.STOP; header = in.readField()) {
                if (header == (codec.type() << 16 | 1)) {
                    field = codec.read(in);
                } else {
                    in.skipField();
                }
            }
            if (field == null) {
                throw in.notSet(fieldName);
            }
            return maker.apply(field);
        }

        @Override
        protected @Nullable String fieldName(int id) {
            return id == 1 ? fieldName : null;
        }
    }

    private static final class NoFields extends StructCodec<PingArgs> {
        NoFields() {
            super("Ping_args");
        }

        @Override
        protected void writeFields(PingArgs value, ThriftWriter out) {}

        @Override
        protected PingArgs readFields(ThriftReader in) {
            for (int header = in.readField(); header != ThriftType.STOP; header = in.readField()) {
                in.skipField();
            }
            return new PingArgs();
        }

        @Override
        protected @Nullable String fieldName(int id) {
            return null;
        }
    }

    private static final class JoinCodec extends StructCodec<JoinArgs> {

        JoinCodec() {
            super("Join_args");
        }

        @Override
        protected void writeFields(JoinArgs value, ThriftWriter out) {
            out.writeStringField(1, value.left());
            out.writeStringField(2, value.right());
        }

        @Override
        protected JoinArgs readFields(ThriftReader in) {
            String left = "";
            String right = "";
            for (int header = in.readField(); header != ThriftType.STOP; header = in.readField()) {
                switch (header) {
                    case ThriftType.STRING_FIELD | 1 -> left = in.readString();
                    case ThriftType.STRING_FIELD | 2 -> right = in.readString();
                    default -> in.skipField();
                }
            }
            return new JoinArgs(left, right);
        }

        @Override
        protected @Nullable String fieldName(int id) {
            return id == 1 ? "left" : id == 2 ? "right" : null;
        }
    }
}
