package io.streamx.protoc;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileOptions.OptimizeMode;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import io.streamx.codegen.java.ClassName;
import io.streamx.codegen.java.JavaNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives the services of one file and their methods their Java names. */
final class ServiceNaming {
    private final JavaClasses classes;
    private final FileDescriptorProto file;
    private final FileNames names;
    private final SourceInfo source;
    private final boolean isLite;
    private final boolean withKotlin;

    ServiceNaming(JavaClasses classes, PluginOptions options, FileDescriptorProto file) {
        this.classes = classes;
        this.file = file;
        names = new FileNames(file);
        source = new SourceInfo(file);
        withKotlin = options.kotlin();
        isLite = options.lite() || file.getOptions().getOptimizeFor() == OptimizeMode.LITE_RUNTIME;
    }

    /** The service at {@code index}; null, with an error more in {@code errors}, when Java cannot have it. */
    @Nullable
    ServiceClasses name(int index, List<String> errors) {
        ServiceDescriptorProto service = file.getService(index);
        List<Integer> path = SourceInfo.path(index);
        int before = errors.size();
        try {
            ClassName type = classes.service(file, service.getName());
            List<ProtobufServiceMethod> methods = methods(index, type, errors);
            if (errors.size() > before) {
                return null;
            }
            return new ServiceClasses(
                    service,
                    source.comment(path),
                    names.outer(),
                    file.getName(),
                    file.getPackage(),
                    type,
                    classes.derived(type, "Client"),
                    classes.derived(type, "Methods"),
                    withKotlin ? classes.derived(type, "Coroutines") : null,
                    withKotlin ? classes.derived(type, "CoroutineClient") : null,
                    methods,
                    isLite);
        } catch (InvalidProtoException e) {
            errors.add(source.place(path) + ": " + e.getMessage());
            return null;
        }
    }

    private List<ProtobufServiceMethod> methods(int index, ClassName user, List<String> errors) {
        ServiceDescriptorProto service = file.getService(index);
        Set<String> taken = new HashSet<>(JavaNames.SERVICE_MEMBERS);
        Map<String, String> members = new HashMap<>();
        service.getMethodList().forEach(method -> taken.add(member(method)));
        Set<String> constants = new HashSet<>(Set.of("DESCRIPTOR"));
        List<ProtobufServiceMethod> methods = new ArrayList<>();
        for (int i = 0; i < service.getMethodCount(); i++) {
            MethodDescriptorProto method = service.getMethod(i);
            List<Integer> path = SourceInfo.path(index, i);
            String name = member(method);
            String other = members.putIfAbsent(name, method.getName());
            if (other != null) {
                errors.add(source.place(path) + ": methods " + other + " and " + method.getName() + " of service "
                        + service.getName() + " both become " + name + " (expected: names that differ in Java)");
                continue;
            }
            String asyncName = JavaNames.unique(name + "Async", taken::contains);
            taken.add(asyncName);
            String constant = JavaNames.unique(JavaNames.constant(method.getName()), constants::contains);
            constants.add(constant);
            try {
                methods.add(new ProtobufServiceMethod(
                        method,
                        source.comment(path),
                        name,
                        asyncName,
                        constant,
                        classes.message(method.getInputType(), user),
                        classes.message(method.getOutputType(), user)));
            } catch (InvalidProtoException e) {
                errors.add(source.place(path) + ": method " + service.getName() + "." + method.getName() + ": "
                        + e.getMessage());
            }
        }
        return methods;
    }

    private static String member(MethodDescriptorProto method) {
        String name = JavaNames.member(method.getName());
        return JavaNames.SERVICE_MEMBERS.contains(name) ? name + '_' : name;
    }
}
