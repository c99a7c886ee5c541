package io.streamx.codegen;

import io.streamx.idl.EnumType;
import io.streamx.idl.EnumValue;
import io.streamx.idl.IdlType;
import io.streamx.idl.IdlType.Primitive;
import io.streamx.idl.StructType;
import io.streamx.idl.TypeDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares the types of two versions of a field, argument or result. */
final class TypeCompatibility {
    private static final String LOST = ": a reader skips a value of another type, as if it had not come";
    private static final String MISREAD = ": Java refuses elements of another type, Kitex misreads what follows";

    private final Versions versions;
    /**
     * Structs of different names that are being compared, or were, with what of their fields breaks the wire. It is empty when
     * nothing does, and while the two are being compared: types that contain themselves end here.
     */
    private final Map<Map.Entry<StructType, StructType>, String> compared = new HashMap<>();

    TypeCompatibility(Versions versions) {
        this.versions = versions;
    }

    /** Why a value of one type is not understood as the other, or null if it is. */
    @Nullable
    String wire(IdlType older, IdlType newer) {
        return wire(older, newer, false);
    }

    private @Nullable String wire(IdlType declaredBefore, IdlType declaredAfter, boolean inContainer) {
        IdlType before = declaredBefore.resolved();
        IdlType after = declaredAfter.resolved();
        String was = "the type was " + declaredBefore + ", is " + declaredAfter;
        if (!wireType(before).equals(wireType(after))) {
            return was + (inContainer ? MISREAD : LOST);
        }
        if (before instanceof IdlType.Base from && after instanceof IdlType.Base to) {
            boolean decodes = from.primitive() == Primitive.BINARY && to.primitive() == Primitive.STRING;
            return decodes ? was + ": bytes that are no UTF-8 are lost" : null;
        }
        if (before instanceof IdlType.ListOf from && after instanceof IdlType.ListOf to) {
            return wire(from.element(), to.element(), true);
        }
        if (before instanceof IdlType.SetOf from && after instanceof IdlType.SetOf to) {
            return wire(from.element(), to.element(), true);
        }
        if (before instanceof IdlType.MapOf from && after instanceof IdlType.MapOf to) {
            String keys = wire(from.key(), to.key(), true);
            return keys == null ? wire(from.value(), to.value(), true) : keys;
        }
        if (before instanceof IdlType.Named from && after instanceof IdlType.Named to) {
            return definitions(from.definition(), to.definition(), was);
        }
        return null;
    }

    private @Nullable String definitions(TypeDefinition older, TypeDefinition newer, String was) {
        if (versions.counterpart(older) == newer) {
            // The two definitions are compared by themselves, and what is different between them is told there.
            return null;
        }
        if (older instanceof EnumType before && newer instanceof EnumType after) {
            for (EnumValue value : before.values()) {
                EnumValue same = after.value(value.number());
                if (same != null && !same.name().equals(value.name())) {
                    return was + ": the number " + value.number() + " was " + value.name() + ", is " + same.name();
                }
            }
            return null;
        }
        if (older instanceof StructType before && newer instanceof StructType after) {
            String broken = fields(before, after);
            return broken.isEmpty() ? null : was + ", whose fields are others: " + broken;
        }
        return null;
    }

    /** What of the fields of two structs breaks the wire; empty if nothing does. */
    private String fields(StructType before, StructType after) {
        Map.Entry<StructType, StructType> pair = Map.entry(before, after);
        String known = compared.putIfAbsent(pair, "");
        if (known != null) {
            return known;
        }
        List<Incompatibility> found = new ArrayList<>();
        new StructCompatibility(versions, found, this).compare(before, after);
        String broken = found.stream()
                .filter(one -> one.breaks().contains(Incompatibility.Break.WIRE))
                .findFirst()
                .map(one -> one.element() + ": " + one.reason())
                .orElse("");
        compared.put(pair, broken);
        return broken;
    }

    /** Why Java that uses the one type does not compile with the other, or null if it does. */
    @Nullable
    String source(IdlType older, IdlType newer, boolean boxedBefore, boolean boxedAfter) {
        String before = versions.olderType(older, boxedBefore);
        String after = versions.newerType(newer, boxedAfter);
        return before.equals(after) ? null : "the Java type was " + before + ", is " + after;
    }

    /** The type as the header of a field or container has it. */
    private static String wireType(IdlType type) {
        if (type instanceof IdlType.Base base) {
            return base.primitive() == Primitive.BINARY
                    ? Primitive.STRING.keyword()
                    : base.primitive().keyword();
        }
        if (Versions.isEnum(type)) {
            return Primitive.I32.keyword();
        }
        if (type instanceof IdlType.ListOf) {
            return "list";
        }
        if (type instanceof IdlType.SetOf) {
            return "set";
        }
        return type instanceof IdlType.MapOf ? "map" : "struct";
    }
}
