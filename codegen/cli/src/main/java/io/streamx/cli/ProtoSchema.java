package io.streamx.cli;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.TypeRegistry;
import io.streamx.generic.protobuf.LinkedFiles;
import io.streamx.generic.protobuf.ProtobufService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Proto files that were linked with each other, and what is found in them. Immutable. */
final class ProtoSchema {
    private final Map<String, FileDescriptor> files;

    private ProtoSchema(Map<String, FileDescriptor> files) {
        this.files = files;
    }

    /**
     * Links files, whatever their order.
     *
     * @param source where they come from, for errors
     * @throws BadInputException when one imports what is not among them, or when they do not fit together
     */
    static ProtoSchema of(String source, Collection<FileDescriptorProto> protos) {
        try {
            return new ProtoSchema(LinkedFiles.of(source, protos));
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * How the method of a service travels with JSON.
     *
     * @param service with its package, or without where no other has that name
     * @param isIndented whether replies are written on several lines
     * @throws BadInputException naming what there is
     */
    io.streamx.service.MethodDescriptor<String, String> json(String service, String method, boolean isIndented) {
        MethodDescriptor found = method(service, method);
        return ProtobufService.of(found.getService(), types())
                .withIndentation(isIndented)
                .method(found.getName());
    }

    /** The method of a service; as {@link #json}. */
    MethodDescriptor method(String service, String method) {
        ServiceDescriptor found = service(service);
        MethodDescriptor descriptor = found.findMethodByName(method);
        if (descriptor == null) {
            List<String> known =
                    found.getMethods().stream().map(MethodDescriptor::getName).toList();
            throw new BadInputException("method: \"" + method + "\" (expected: a method of " + found.getFullName()
                    + ", one of " + String.join(", ", known) + ")");
        }
        return descriptor;
    }

    private ServiceDescriptor service(String name) {
        List<String> names = new ArrayList<>();
        files.values().forEach(file -> file.getServices().forEach(each -> names.add(each.getFullName())));
        String full = fullName(name, names);
        for (FileDescriptor file : files.values()) {
            for (ServiceDescriptor service : file.getServices()) {
                if (service.getFullName().equals(full)) {
                    return service;
                }
            }
        }
        throw new IllegalStateException(full + " is in no file");
    }

    /**
     * The one of {@code known} that is meant.
     *
     * @throws BadInputException when there is none, or more than one without the package
     */
    static String fullName(String service, Collection<String> known) {
        if (known.contains(service)) {
            return service;
        }
        List<String> fits = known.stream()
                .filter(each -> each.endsWith("." + service))
                .sorted()
                .toList();
        if (fits.size() == 1) {
            return fits.get(0);
        }
        List<String> expected = fits.isEmpty() ? known.stream().sorted().toList() : fits;
        throw new BadInputException("service: \"" + service + "\" (expected: "
                + (expected.isEmpty() ? "a schema with services" : "one of " + String.join(", ", expected)) + ")");
    }

    /** All message types, for what travels within {@code google.protobuf.Any}. */
    private TypeRegistry types() {
        TypeRegistry.Builder types = TypeRegistry.newBuilder();
        files.values().forEach(file -> types.add(file.getMessageTypes()));
        return types.build();
    }
}
