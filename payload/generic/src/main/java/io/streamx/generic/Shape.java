package io.streamx.generic;

import io.streamx.idl.Field;
import io.streamx.idl.IdlType;
import io.streamx.idl.Requiredness;
import io.streamx.idl.StructType;
import io.streamx.idl.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a struct looks like: one of the IDL, or the struct of a function's arguments or outcome, which the IDL does not
 * name.
 */
final class Shape {
    /**
     * One field.
     *
     * @param id the number on the wire
     * @param name the name as the IDL has it
     * @param type the type as the IDL has it
     * @param requiredness whether the field must be there
     * @param defaultValue the default that the IDL gives, or null
     */
    record Member(
            short id,
            String name,
            IdlType type,
            Requiredness requiredness,
            @Nullable Value defaultValue) {}

    private final String name;
    private final boolean union;
    private final List<Member> members;
    private final Map<String, Integer> byName = new HashMap<>();
    private final Map<Short, Integer> byId = new HashMap<>();

    private Shape(String name, boolean union, List<Member> members) {
        this.name = name;
        this.union = union;
        this.members = List.copyOf(members);
        for (int i = 0; i < members.size(); i++) {
            byName.put(members.get(i).name(), i);
            byId.put(members.get(i).id(), i);
        }
    }

    /** The shape of a struct, union or exception. */
    static Shape of(StructType type) {
        return new Shape(type.name(), type.kind() == StructType.Kind.UNION, members(type.fields()));
    }

    /** The shape of a function's arguments, none of which has to be there. */
    static Shape ofArguments(String function, List<Field> arguments) {
        return new Shape(function + "_args", false, members(arguments));
    }

    /** The shape of a function's outcome: field 0 is what it returns, the others are the exceptions it declares. */
    static Shape ofOutcome(String function, @Nullable IdlType returned, List<Field> exceptions) {
        List<Member> members = new ArrayList<>();
        if (returned != null) {
            members.add(new Member((short) 0, "success", returned, Requiredness.OPTIONAL, null));
        }
        members.addAll(members(exceptions));
        return new Shape(function + "_result", false, members);
    }

    private static List<Member> members(List<Field> fields) {
        return fields.stream()
                .map(field ->
                        new Member(field.id(), field.name(), field.type(), field.requiredness(), field.defaultValue()))
                .toList();
    }

    /** The name for errors. */
    String name() {
        return name;
    }

    /** Whether exactly one member must be there. */
    boolean isUnion() {
        return union;
    }

    /** The members in the order of the IDL. */
    List<Member> members() {
        return members;
    }

    /** The position of the member of that name in {@link #members}, or -1. */
    int indexOf(String member) {
        return byName.getOrDefault(member, -1);
    }

    /** The position of the member with that id in {@link #members}, or -1. */
    int indexOf(short id) {
        return byId.getOrDefault(id, -1);
    }
}
