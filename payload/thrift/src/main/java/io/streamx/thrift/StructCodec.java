package io.streamx.thrift;

import io.netty.buffer.ByteBuf;
import io.streamx.service.MessageCodec;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads one struct, union or exception: the base of what the generator writes for each. Stateless, safe from
 * any number of threads.
 *
 * @param <T> the generated class
 */
public abstract class StructCodec<T> implements MessageCodec<T>, ValueCodec<T> {
    private final String name;

    /** For generated classes; {@code name} as the IDL spells it, for errors. */
    protected StructCodec(String name) {
        this.name = name;
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
    protected abstract @Nullable String fieldName(int id);

    @Override
    public final byte type() {
        return ThriftType.STRUCT;
    }

    @Override
    public final void write(T value, ThriftWriter out) {
        writeFields(value, out);
        out.writeStop();
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
