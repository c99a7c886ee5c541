package io.streamx.generic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.ApplicationException;
import io.streamx.idl.Requiredness;
import io.streamx.thrift.Binary;
import io.streamx.thrift.StructCodec;
import io.streamx.thrift.ThriftReader;
import io.streamx.thrift.ThriftType;
import io.streamx.thrift.ThriftWriter;
import io.streamx.thrift.ValueCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A struct as a map from the names of its fields to their values. Fields that the IDL does not know are kept under
 * {@link #unknownName}, so that a message passes through a program that has an older IDL without loss.
 */
final class ShapeCodec extends StructCodec<Map<String, Object>> {
    private static final char UNKNOWN = '#';

    private final Shape shape;
    /** The codec of each member, in the order of the shape. */
    private List<ValueCodec<Object>> codecs = List.of();
    /** The default of each member, or null where the IDL gives none. */
    private @Nullable Object[] defaults = new Object[0];

    ShapeCodec(Shape shape) {
        super(shape.name());
        this.shape = shape;
    }

    /** Looks up what the members need; apart from the constructor because a struct may contain itself. */
    void complete(Codecs all) {
        List<Shape.Member> members = shape.members();
        List<ValueCodec<Object>> found = new ArrayList<>();
        defaults = new Object[members.size()];
        for (int i = 0; i < members.size(); i++) {
            Shape.Member member = members.get(i);
            found.add(all.of(member.type()));
            if (member.defaultValue() != null) {
                defaults[i] = Constants.value(member.defaultValue(), member.type());
            }
        }
        codecs = found;
    }

    Shape shape() {
        return shape;
    }

    /** The default of a member, or null where the IDL gives none. */
    @Nullable
    Object defaultOf(int index) {
        return defaults[index];
    }

    /** The name under which a field that the IDL does not know is kept. */
    static String unknownName(int id) {
        return UNKNOWN + Integer.toString(id);
    }

    /** Whether a name is one of those that {@link #unknownName} gives. */
    static boolean isUnknownName(String name) {
        return !name.isEmpty() && name.charAt(0) == UNKNOWN;
    }

    @Override
    protected void writeFields(Map<String, Object> value, ThriftWriter out) {
        for (Map.Entry<String, Object> entry : value.entrySet()) {
            int index = shape.indexOf(entry.getKey());
            if (index >= 0) {
                out.writeField(shape.members().get(index).id(), entry.getValue(), codecs.get(index));
            } else {
                out.writeRaw((Binary) entry.getValue());
            }
        }
    }

    @Override
    @SuppressWarnings("NullAway") // NullAway does not know arrays with elements that may be null
    protected Map<String, Object> readFields(ThriftReader in) {
        Object[] values = new Object[codecs.size()];
        Map<String, Object> unknown = null;
        for (int header = in.readField(); header != ThriftType.STOP; header = in.readField()) {
            int index = shape.indexOf((short) header);
            if (index >= 0 && codecs.get(index).type() == header >> 16) {
                values[index] = codecs.get(index).read(in);
            } else {
                unknown = unknown == null ? new LinkedHashMap<>() : unknown;
                unknown.put(unknownName((short) header), in.copyField());
            }
        }
        return collect(values, unknown, in);
    }

    private Map<String, Object> collect(
            @Nullable Object[] values, @Nullable Map<String, Object> unknown, ThriftReader in) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            Shape.Member member = shape.members().get(i);
            Object value = values[i];
            if (value == null && member.requiredness() == Requiredness.REQUIRED) {
                throw in.notSet(member.name());
            }
            if (value == null && !shape.isUnion()) {
                value = defaults[i];
            }
            if (value != null) {
                fields.put(member.name(), value);
            }
        }
        if (unknown != null) {
            fields.putAll(unknown);
        }
        return fields;
    }

    @Override
    protected @Nullable String fieldName(int id) {
        int index = shape.indexOf((short) id);
        return index < 0 ? null : shape.members().get(index).name();
    }

    /** Checks that the bytes kept for an unknown field are that field, whole and nothing else. */
    static boolean isField(Binary kept, int id) {
        byte[] struct = new byte[kept.length() + 1];
        System.arraycopy(kept.toByteArray(), 0, struct, 0, kept.length());
        ByteBuf bytes = Unpooled.wrappedBuffer(struct);
        try {
            ThriftReader reader = new ThriftReader(bytes);
            int header = reader.readField();
            if (header == ThriftType.STOP || (short) header != id) {
                return false;
            }
            reader.skipField();
            boolean ends = reader.readField() == ThriftType.STOP;
            reader.finish();
            return ends && !bytes.isReadable();
        } catch (ApplicationException noFieldOrCutShort) {
            return false;
        }
    }
}
