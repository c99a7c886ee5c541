package io.streamx.idl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An enum. Its values travel as i32. */
public final class EnumType extends TypeDefinition {
    private final Map<String, EnumValue> byName = new HashMap<>();
    private final Map<Integer, EnumValue> byNumber = new HashMap<>();
    private List<EnumValue> values = List.of();

    EnumType(Declaration declaration) {
        super(declaration);
    }

    void complete(List<EnumValue> values) {
        this.values = List.copyOf(values);
        for (EnumValue value : values) {
            byName.putIfAbsent(value.name(), value);
            byNumber.putIfAbsent(value.number(), value);
        }
    }

    /** The values in the order written. No two have one name or one number. */
    public List<EnumValue> values() {
        return values;
    }

    /** The value of that number, or null. */
    public @Nullable EnumValue value(int number) {
        return byNumber.get(number);
    }

    /** The value of that name, or null. */
    public @Nullable EnumValue value(String name) {
        return byName.get(name);
    }
}
