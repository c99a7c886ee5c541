package io.streamx.generic;

import io.netty.buffer.ByteBuf;
import io.streamx.ApplicationException;
import io.streamx.StreamingMode;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ResultCodec;
import io.streamx.thrift.UnaryResult;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The descriptors of a generic service's methods, with codecs between the messages of a form and their bytes. */
final class FormCodecs {
    private FormCodecs() {}

    /**
     * How a method travels. A oneway method has no reply and therefore a descriptor whose replies are {@link Void}; the
     * form's class stands in for that, since no reply is ever made.
     */
    @SuppressWarnings("unchecked")
    static <T> MethodDescriptor<T, T> descriptor(GenericService service, GenericMethod method, Form<T> form) {
        MethodDescriptor<T, T> descriptor;
        if (method.isOneway()) {
            descriptor = (MethodDescriptor<T, T>) MethodDescriptor.oneway(
                    service.name(), method.name(), new Arguments<>(method, form), (ResultCodec<Void>)
                            new Outcome<>(method, form));
        } else if (method.mode() == StreamingMode.UNARY) {
            descriptor = MethodDescriptor.unary(
                    service.name(), method.name(), new Arguments<>(method, form), new Outcome<>(method, form));
        } else {
            descriptor = MethodDescriptor.streaming(
                    service.name(),
                    method.name(),
                    method.mode(),
                    new Message<>(method, method.requestCodec(), form, "request"),
                    new Message<>(method, method.responseCodec(), form, "reply"));
        }
        return descriptor.withGrpcPackage(service.grpcPackage());
    }

    private static boolean isJson(Form<?> form) {
        return form instanceof Form.Json;
    }

    /** What a decoder hands out. A form that has no message for an absent value hands out null, as it does for void. */
    @SuppressWarnings("NullAway") // the request of a method without arguments is null, which user code is told
    private static <T> T told(Form<T> form, @Nullable Object value) {
        return form.message(value);
    }

    private record Arguments<T>(GenericMethod method, Form<T> form) implements MessageCodec<T> {
        @Override
        public void encode(T message, ByteBuf out) {
            method.argumentsCodec().encode(method.arguments(form.value(message), isJson(form)), out);
        }

        @Override
        public T decode(ByteBuf in) {
            return told(form, method.request(method.argumentsCodec().decode(in)));
        }
    }

    private record Message<T>(GenericMethod method, ShapeCodec codec, Form<T> form, String what)
            implements MessageCodec<T> {
        @Override
        public void encode(T message, ByteBuf out) {
            codec.encode(method.message(form.value(message), codec, isJson(form), what), out);
        }

        @Override
        public T decode(ByteBuf in) {
            return told(form, codec.decode(in));
        }
    }

    private record Outcome<T>(GenericMethod method, Form<T> form) implements ResultCodec<T> {
        @Override
        public void encodeResult(@Nullable T result, ByteBuf out) {
            method.outcomeCodec().encode(method.outcome(form.value(result), isJson(form)), out);
        }

        @Override
        public boolean encodeException(Throwable failure, ByteBuf out) {
            Map<String, Object> outcome =
                    failure instanceof GenericException declared ? method.outcome(declared) : null;
            if (outcome == null) {
                return false;
            }
            method.outcomeCodec().encode(outcome, out);
            return true;
        }

        @Override
        public @Nullable T decode(ByteBuf in) {
            if (method.function().returnType() == null && UnaryResult.readVoidOfDynamicGo(in)) {
                return null;
            }
            Map<String, Object> received = method.outcomeCodec().decode(in);
            GenericException exception = method.exceptionIn(received);
            if (exception != null) {
                throw exception;
            }
            Object result = received.get("success");
            if (result == null && method.function().returnType() != null) {
                throw new ApplicationException(
                        ApplicationException.MISSING_RESULT,
                        "the reply has neither a result nor a declared exception (expected: one of them)");
            }
            return form.message(result);
        }
    }
}
