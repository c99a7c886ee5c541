package io.streamx.generic;

import io.streamx.DeclaredException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An exception that the IDL declares, without a class of its own: a caller catches it, and the handler of a generic
 * service throws it. In a unary method it has to be one of the {@code throws} clause; the handler of a stream may throw it
 * as any error, as Kitex has it.
 */
public final class GenericException extends DeclaredException {
    private static final long serialVersionUID = 1L;

    private final String type;
    private final transient Map<String, Object> fields;

    /**
     * An exception to throw from a handler.
     *
     * @param type the name of the exception in the IDL
     * @param fields its fields by name, as {@link Form#values} has them; copied
     */
    public GenericException(String type, Map<String, ?> fields) {
        super(type + fields);
        this.type = type;
        this.fields = new LinkedHashMap<>(fields);
    }

    /** The name of the exception in the IDL. */
    public String type() {
        return type;
    }

    /** Its fields by name, as {@link Form#values} has them. */
    public Map<String, Object> fields() {
        return fields;
    }
}
