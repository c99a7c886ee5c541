package io.streamx.gateway;

import io.streamx.idl.EnumType;
import io.streamx.idl.EnumValue;
import io.streamx.idl.Field;
import io.streamx.idl.Function;
import io.streamx.idl.IdlType;
import io.streamx.idl.Requiredness;
import io.streamx.idl.StructType;
import io.streamx.idl.TypeDefinition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Types of a Thrift IDL as the try-it page is told of them: what a value looks like in JSON, and each named type once. For one
 * thread.
 */
final class ThriftTypes {
    private final Map<String, Object> definitions = new LinkedHashMap<>();
    /** Types that were named and not described. A queue, because types may lead to one another without end. */
    private final Deque<TypeDefinition> undescribed = new ArrayDeque<>();

    /** The named types that were met, by what refers to them. */
    Map<String, Object> definitions() {
        while (!undescribed.isEmpty()) {
            TypeDefinition next = undescribed.poll();
            definitions.put(id(next), definition(next));
        }
        return definitions;
    }

    /** The request of a function: its argument, an object of several, or nothing. */
    Map<String, Object> request(String service, Function function) {
        List<Field> arguments = function.arguments();
        if (arguments.isEmpty()) {
            return Map.of("t", "none");
        }
        if (arguments.size() == 1) {
            return type(arguments.get(0).type());
        }
        String id = "thrift:" + service + "." + function.name() + "()";
        definitions.put(
                id, Map.of("kind", "struct", "name", "arguments of " + function.name(), "fields", fields(arguments)));
        return Map.of("t", "ref", "to", id);
    }

    /** What a function returns. */
    Map<String, Object> reply(Function function) {
        IdlType returned = function.returnType();
        return returned == null ? Map.of("t", "none") : type(returned);
    }

    private Map<String, Object> type(IdlType written) {
        return switch (written.resolved()) {
            case IdlType.Base base -> Map.of("t", base.primitive().keyword());
            case IdlType.ListOf list -> Map.of("t", "list", "of", type(list.element()));
            case IdlType.SetOf set -> Map.of("t", "list", "of", type(set.element()));
            case IdlType.MapOf map -> Map.of("t", "map", "key", type(map.key()), "of", type(map.value()));
            case IdlType.Named named -> ref(named.definition());
        };
    }

    private static String id(TypeDefinition definition) {
        return "thrift:" + definition.document().name() + "." + definition.name();
    }

    private Map<String, Object> ref(TypeDefinition definition) {
        String id = id(definition);
        if (definitions.putIfAbsent(id, Map.of()) == null) {
            undescribed.add(definition);
        }
        return Map.of("t", "ref", "to", id);
    }

    private Map<String, Object> definition(TypeDefinition definition) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", definition.name());
        TryItCatalog.putDoc(described, definition.doc());
        if (definition instanceof StructType struct) {
            described.put("kind", struct.kind() == StructType.Kind.UNION ? "union" : "struct");
            described.put("fields", fields(struct.fields()));
        } else if (definition instanceof EnumType type) {
            List<Object> values = new ArrayList<>();
            for (EnumValue value : type.values()) {
                values.add(value.name());
            }
            described.put("kind", "enum");
            described.put("values", values);
        }
        return described;
    }

    private List<Object> fields(List<Field> fields) {
        List<Object> described = new ArrayList<>();
        for (Field field : fields) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("name", field.name());
            TryItCatalog.putDoc(shown, field.doc());
            shown.put("optional", field.requiredness() == Requiredness.OPTIONAL);
            shown.put("type", type(field.type()));
            described.add(shown);
        }
        return described;
    }
}
