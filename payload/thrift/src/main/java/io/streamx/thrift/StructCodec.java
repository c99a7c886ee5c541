package io.streamx.thrift;

import io.netty.buffer.ByteBuf;
import io.streamx.service.MessageCodec;
import java.lang.reflect.ParameterizedType;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads one struct, union or exception: the base of what the generator writes for each. Stateless, safe from
 * any number of threads.
 *
 * @param <T> the generated class
 */
public abstract class StructCodec<T> implements MessageCodec<T>, ValueCodec<T> {
    private final String name;
    private final String fields;
    /** What {@link #messageType} has found; null before it was asked, {@code Void.class} for nothing. */
    private volatile @Nullable Class<?> messageType;

    /** For classes that override {@link #fieldName}; {@code name} as the IDL spells it, for errors. */
    protected StructCodec(String name) {
        this(name, "");
    }

    /**
     * For generated classes.
     *
     * @param name as the IDL spells it, for errors
     * @param fields the ids and names of the fields, for errors, as in {@code 1 id,2 name}
     */
    protected StructCodec(String name, String fields) {
        this.name = name;
        this.fields = fields;
    }

    /** The struct as the IDL names it. */
    public final String name() {
        return name;
    }

    /** Appends the fields of {@code value} that are set; the end of the struct follows by itself. */
    protected abstract void writeFields(T value, ThriftWriter out);

    /**
     * Reads all fields up to and including the end of the struct, skips those it does not know or whose type is another
     * than declared, and checks the required ones.
     */
    protected abstract T readFields(ThriftReader in);

    /** The name of a field for errors, or null when the struct has no such field. */
    protected @Nullable String fieldName(int id) {
        String start = id + " ";
        for (String field : fields.split(",", -1)) {
            if (field.startsWith(start)) {
                return field.substring(start.length());
            }
        }
        return null;
    }

    /**
     * For generated builders: a field that must be set.
     *
     * @throws IllegalStateException naming the field when {@code value} is null
     */
    public final <V> V required(@Nullable V value, String field) {
        if (value == null) {
            throw new IllegalStateException("required field " + field + " of " + name + " is not set");
        }
        return value;
    }

    /** The generated class, as the codec's class declares it. */
    @Override
    public final @Nullable Class<?> messageType() {
        Class<?> known = messageType;
        if (known == null) {
            known = declaredMessageType();
            messageType = known;
        }
        return known == Void.class ? null : known;
    }

    private Class<?> declaredMessageType() {
        for (Class<?> of = getClass(); of != null; of = of.getSuperclass()) {
            if (of.getGenericSuperclass() instanceof ParameterizedType base
                    && base.getRawType() == StructCodec.class
                    && base.getActualTypeArguments()[0] instanceof Class<?> message) {
                return message;
            }
        }
        return Void.class;
    }

    @Override
    public final byte type() {
        return ThriftType.STRUCT;
    }

    /**
     * Appends the struct.
     *
     * @throws IllegalArgumentException when structs nest deeper than {@value ThriftReader#MAX_DEPTH}, which no reader
     *     takes
     */
    @Override
    public final void write(T value, ThriftWriter out) {
        out.beginStruct(this);
        writeFields(value, out);
        out.endStruct();
    }

    @Override
    public final T read(ThriftReader in) {
        return in.readStruct(this);
    }

    /** Appends the message to {@code out}, which the caller keeps owning and which stays as it was on an error. */
    @Override
    public final void encode(T message, ByteBuf out) {
        ThriftWriter.append(out, writer -> write(message, writer));
    }

    @Override
    public final T decode(ByteBuf in) {
        ThriftReader reader = new ThriftReader(in);
        T message = read(reader);
        reader.finish();
        return message;
    }
}
