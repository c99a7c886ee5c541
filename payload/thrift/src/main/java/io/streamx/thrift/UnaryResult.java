package io.streamx.thrift;

import io.netty.buffer.ByteBuf;
import io.streamx.ApplicationException;
import io.streamx.DeclaredException;
import io.streamx.service.ResultCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a unary method on the wire: a struct with the result in field 0, or one of the declared exceptions in
 * the field its {@code throws} clause gives it. Immutable, safe from any number of threads.
 *
 * @param <T> the result
 */
public final class UnaryResult<T> implements ResultCodec<T> {
    /** A field of the type void with the id 0 and, as its value, a struct without fields. */
    private static final int VOID_OF_DYNAMICGO = 0x01_0000_00;

    private static final int VOID_OF_DYNAMICGO_BYTES = 5;

    private final @Nullable ValueCodec<T> success;
    private final List<Declared<?>> declared;

    private record Declared<X extends DeclaredException>(int id, Class<X> type, StructCodec<X> codec) {
        void write(Throwable failure, ThriftWriter out) {
            out.writeField(id, type.cast(failure), codec);
        }
    }

    private UnaryResult(@Nullable ValueCodec<T> success, List<Declared<?>> declared) {
        this.success = success;
        this.declared = List.copyOf(declared);
    }

    /** The outcome of a method that returns something. */
    public static <T> UnaryResult<T> of(ValueCodec<T> success) {
        return new UnaryResult<>(success, List.of());
    }

    /** The outcome of a void method. */
    public static UnaryResult<Void> ofVoid() {
        return new UnaryResult<>(null, List.of());
    }

    /** This outcome, with one more exception of the {@code throws} clause. */
    public <X extends DeclaredException> UnaryResult<T> or(int id, Class<X> type, StructCodec<X> codec) {
        List<Declared<?>> more = new ArrayList<>(declared);
        more.add(new Declared<>(id, type, codec));
        return new UnaryResult<>(success, more);
    }

    @Override
    public @Nullable Class<?> resultType() {
        return success instanceof StructCodec<?> struct ? struct.messageType() : null;
    }

    @Override
    public void encodeResult(@Nullable T result, ByteBuf out) {
        ThriftWriter.append(out, writer -> {
            // Without a result the struct is empty, also where the method should return one, as with Kitex.
            if (success != null && result != null) {
                writer.writeField(0, result, success);
            }
            writer.writeStop();
        });
    }

    @Override
    public boolean encodeException(Throwable failure, ByteBuf out) {
        for (Declared<?> one : declared) {
            if (one.type.isInstance(failure)) {
                ThriftWriter.append(out, writer -> {
                    one.write(failure, writer);
                    writer.writeStop();
                });
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a reply is the one that generic servers of Kitex with dynamicgo give for a void method: a field 0 of the type
     * void, which is no type of a field, with an empty struct. If so it is read, and nothing else is to be read of the reply.
     */
    public static boolean readVoidOfDynamicGo(ByteBuf in) {
        boolean isVoid = in.readableBytes() == VOID_OF_DYNAMICGO_BYTES
                && in.getInt(in.readerIndex()) == VOID_OF_DYNAMICGO
                && in.getByte(in.writerIndex() - 1) == ThriftType.STOP;
        if (isVoid) {
            in.skipBytes(VOID_OF_DYNAMICGO_BYTES);
        }
        return isVoid;
    }

    @Override
    public @Nullable T decode(ByteBuf in) {
        if (success == null && readVoidOfDynamicGo(in)) {
            return null;
        }
        ThriftReader reader = new ThriftReader(in);
        T result = null;
        DeclaredException exception = null;
        for (int field = reader.readField(); field != ThriftType.STOP; field = reader.readField()) {
            Declared<?> one;
            if (success != null && field == success.type() << 16) {
                result = success.read(reader);
            } else if ((one = declared(field)) != null) {
                exception = one.codec.read(reader);
            } else {
                reader.skipField();
            }
        }
        reader.finish();
        if (exception != null) {
            throw exception;
        }
        if (success != null && result == null) {
            throw new ApplicationException(
                    ApplicationException.MISSING_RESULT,
                    "the reply has neither a result nor a declared exception (expected: one of them)");
        }
        return result;
    }

    private @Nullable Declared<?> declared(int field) {
        for (Declared<?> one : declared) {
            if (field == (ThriftType.STRUCT_FIELD | (one.id & 0xffff))) {
                return one;
            }
        }
        return null;
    }
}
