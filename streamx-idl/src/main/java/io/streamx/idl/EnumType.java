package io.streamx.idl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An enum. On the wire an i32. */
public final class EnumType implements TypeDefinition {
    private final Declaration declaration;
    private List<EnumValue> values = List.of();

    EnumType(Declaration declaration) {
        this.declaration = declaration;
    }

    void complete(List<EnumValue> values) {
        this.values = List.copyOf(values);
    }

    /** The values in the order written; no name and no number twice. */
    public List<EnumValue> values() {
        return values;
    }

    /** The value of that name, or null. */
    public @Nullable EnumValue value(String name) {
        for (EnumValue value : values) {
            if (value.name().equals(name)) {
                return value;
            }
        }
        return null;
    }

    @Override
    public Document document() {
        return declaration.document();
    }

    @Override
    public String name() {
        return declaration.name();
    }

    @Override
    public @Nullable String doc() {
        return declaration.doc();
    }

    @Override
    public Annotations annotations() {
        return declaration.annotations();
    }

    @Override
    public SourcePosition position() {
        return declaration.position();
    }

    @Override
    public String toString() {
        return name();
    }
}
