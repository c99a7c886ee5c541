package io.streamx.grpc.services;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Proto files by their name and by what they define: those of some services and all that they import. Immutable. */
final class ProtoIndex {
    private final Map<String, FileDescriptor> files = new LinkedHashMap<>();
    private final Map<String, FileDescriptor> symbols = new LinkedHashMap<>();
    /** Files that define extensions, by the type that is extended and then by the number of the extension. */
    private final Map<String, SortedMap<Integer, FileDescriptor>> extensions = new LinkedHashMap<>();

    ProtoIndex(Collection<ServiceDescriptor> services) {
        services.forEach(service -> add(service.getFile()));
    }

    private void add(FileDescriptor file) {
        if (files.putIfAbsent(file.getName(), file) != null) {
            return;
        }
        file.getDependencies().forEach(this::add);
        for (ServiceDescriptor service : file.getServices()) {
            symbols.put(service.getFullName(), file);
            service.getMethods().forEach(method -> symbols.put(method.getFullName(), file));
        }
        file.getMessageTypes().forEach(this::add);
        file.getEnumTypes().forEach(this::add);
        file.getExtensions().forEach(this::addExtension);
    }

    private void add(Descriptor message) {
        symbols.put(message.getFullName(), message.getFile());
        message.getFields().forEach(field -> symbols.put(field.getFullName(), message.getFile()));
        message.getNestedTypes().forEach(this::add);
        message.getEnumTypes().forEach(this::add);
        message.getExtensions().forEach(this::addExtension);
    }

    private void add(EnumDescriptor enumType) {
        String name = enumType.getFullName();
        symbols.put(name, enumType.getFile());
        // In Protobuf a value stands beside its enum, not within.
        String scope = name.substring(0, name.length() - enumType.getName().length());
        enumType.getValues().forEach(value -> symbols.put(scope + value.getName(), enumType.getFile()));
    }

    private void addExtension(FieldDescriptor extension) {
        symbols.put(extension.getFullName(), extension.getFile());
        extensions
                .computeIfAbsent(extension.getContainingType().getFullName(), type -> new TreeMap<>())
                .put(extension.getNumber(), extension.getFile());
    }

    @Nullable
    FileDescriptor file(String name) {
        return files.get(name);
    }

    /** The file that defines a service, method, message, field, enum, value or extension of that full name. */
    @Nullable
    FileDescriptor fileOfSymbol(String name) {
        return symbols.get(name);
    }

    @Nullable
    FileDescriptor fileOfExtension(String type, int number) {
        SortedMap<Integer, FileDescriptor> ofType = extensions.get(type);
        return ofType == null ? null : ofType.get(number);
    }

    /** The numbers of the extensions of {@code type}, in ascending order; null when no message of that name is known. */
    @Nullable
    Collection<Integer> extensionNumbers(String type) {
        SortedMap<Integer, FileDescriptor> ofType = extensions.get(type);
        if (ofType != null) {
            return ofType.keySet();
        }
        FileDescriptor file = symbols.get(type);
        return file != null && isMessage(file, type) ? List.of() : null;
    }

    private static boolean isMessage(FileDescriptor file, String type) {
        return file.getMessageTypes().stream().anyMatch(message -> isMessage(message, type));
    }

    private static boolean isMessage(Descriptor message, String type) {
        return message.getFullName().equals(type)
                || message.getNestedTypes().stream().anyMatch(nested -> isMessage(nested, type));
    }
}
