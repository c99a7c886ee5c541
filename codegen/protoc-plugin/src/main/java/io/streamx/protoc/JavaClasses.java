package io.streamx.protoc;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.streamx.codegen.java.ClassName;
import io.streamx.codegen.java.JavaNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which Java class each message has and each service gets, over all files of a request. What protos name goes first;
 * classes made up here, such as clients, get another name when theirs is taken.
 */
final class JavaClasses {
    private final PluginOptions options;
    private final Map<String, MessageClass> messages = new HashMap<>();
    /** By package and simple name in lower case, as some file systems take it: what each class is. */
    private final Map<String, Map<String, String>> taken = new HashMap<>();

    /** By package and simple name in lower case: the name as the first that took it writes it. */
    private final Map<String, String> spelled = new HashMap<>();

    private final Map<String, ClassName> services = new HashMap<>();
    private final Map<String, String> clashes = new HashMap<>();

    JavaClasses(List<FileDescriptorProto> files, PluginOptions options) {
        this.options = options;
        files.forEach(this::addMessages);
        // Services of imported files get their names too, so that the name of a service does not depend on what
        // else a run generates.
        files.forEach(this::nameServices);
    }

    // ---- what protoc generates ----

    private void addMessages(FileDescriptorProto file) {
        FileNames names = new FileNames(file);
        claim(names.outer(), "the outer class of " + file.getName());
        String scope = file.getPackage().isEmpty() ? "" : "." + file.getPackage();
        for (DescriptorProto message : file.getMessageTypeList()) {
            ClassName own = new ClassName(names.javaPackage(), message.getName());
            if (names.isTopLevel(message)) {
                claim(own, "message " + message.getName() + " of " + file.getName());
                claim(
                        new ClassName(names.javaPackage(), message.getName() + "OrBuilder"),
                        "message " + message.getName() + " of " + file.getName());
                add(file, message, scope, own, "");
            } else {
                add(file, message, scope, names.outer(), "." + message.getName());
            }
        }
        for (EnumDescriptorProto enumType : file.getEnumTypeList()) {
            if (names.isTopLevel(enumType)) {
                claim(
                        new ClassName(names.javaPackage(), enumType.getName()),
                        "enum " + enumType.getName() + " of " + file.getName());
            }
        }
        if (file.getOptions().getJavaGenericServices()) {
            file.getServiceList().stream()
                    .filter(names::isTopLevel)
                    .forEach(service -> claim(
                            new ClassName(names.javaPackage(), service.getName()),
                            "the generic service that option java_generic_services of " + file.getName()
                                    + " asks protoc for"));
        }
    }

    private void add(
            FileDescriptorProto file, DescriptorProto message, String scope, ClassName outermost, String nested) {
        String fullName = scope + "." + message.getName();
        messages.put(
                fullName,
                new MessageClass(
                        fullName.substring(1),
                        outermost,
                        nested,
                        message.getOptions().getDeprecated(),
                        file.getName()));
        for (DescriptorProto inner : message.getNestedTypeList()) {
            add(file, inner, fullName, outermost, nested + "." + inner.getName());
        }
    }

    // ---- what is generated here ----

    private void nameServices(FileDescriptorProto file) {
        String javaPackage = servicePackage(new FileNames(file));
        for (int i = 0; i < file.getServiceCount(); i++) {
            String service = file.getService(i).getName();
            String key = file.getName() + "/" + service;
            ClassName name = new ClassName(javaPackage, JavaNames.type(service));
            String what = "service " + service + " of " + file.getName();
            String other = claim(name, what);
            if (other != null && differsInCapitalsOnly(name, other, file)) {
                // The names differ in capitals alone, and some file systems would take the two files for one.
                name = new ClassName(
                        javaPackage, JavaNames.unique(name.simpleName(), taken -> isTaken(javaPackage, taken)));
                claim(name, what);
                other = null;
            }
            if (other != null) {
                clashes.put(
                        key,
                        "service " + service + " and " + other + " both become " + name.qualified()
                                + capitals(name)
                                + " (expected: another name, option java_package or java_outer_classname in one of"
                                + " them, or option java_package of the plugin)");
            }
            services.put(key, name);
        }
    }

    /** What an error adds where two names differ in their capitals. */
    private String capitals(ClassName name) {
        String before = spelled.getOrDefault(name.packageName() + "." + lower(name.simpleName()), name.simpleName());
        return before.equals(name.simpleName())
                ? ""
                : " where file systems do not tell capitals apart, as " + before + " is taken";
    }

    /** Whether what has the name stands in the same file and has it in other capitals: then this run names both. */
    private boolean differsInCapitalsOnly(ClassName name, String other, FileDescriptorProto file) {
        String before = spelled.getOrDefault(name.packageName() + "." + lower(name.simpleName()), name.simpleName());
        return !before.equals(name.simpleName()) && other.endsWith(" of " + file.getName());
    }

    private String servicePackage(FileNames file) {
        return options.javaPackage() == null ? file.javaPackage() : options.javaPackage();
    }

    /** The interface of a service. */
    ClassName service(FileDescriptorProto file, String service) {
        String key = file.getName() + "/" + service;
        String clash = clashes.get(key);
        ClassName name = services.get(key);
        if (clash != null || name == null) {
            throw new InvalidProtoException(clash == null ? key + " is in no file of the request" : clash);
        }
        return name;
    }

    /** A class made up for a service, called {@code simpleName} if that is free. */
    ClassName derived(ClassName service, String suffix) {
        String unique = JavaNames.unique(service.simpleName() + suffix, name -> isTaken(service.packageName(), name));
        ClassName name = new ClassName(service.packageName(), unique);
        claim(name, "made up for " + service.qualified());
        return name;
    }

    /** Takes a name for {@code what}. Returns what has the name already; null when nothing had it. */
    private @Nullable String claim(ClassName name, String what) {
        spelled.putIfAbsent(name.packageName() + "." + lower(name.simpleName()), name.simpleName());
        return taken.computeIfAbsent(name.packageName(), ignored -> new HashMap<>())
                .putIfAbsent(lower(name.simpleName()), what);
    }

    /** Whether the package has a class of that name, however its letters are. */
    boolean isTaken(String packageName, String simpleName) {
        return taken.getOrDefault(packageName, Map.of()).containsKey(lower(simpleName));
    }

    private static String lower(String simpleName) {
        return simpleName.toLowerCase(Locale.ROOT);
    }

    /** The class of a message that {@code user} sends or receives; {@code proto} is its full name with a dot in front. */
    MessageClass message(String proto, ClassName user) {
        MessageClass message = messages.get(proto);
        if (message == null) {
            throw new InvalidProtoException("message " + proto + " is in no file of the request");
        }
        if (message.outermost().packageName().isEmpty() && !user.packageName().isEmpty()) {
            throw new InvalidProtoException("message " + message.proto() + " of " + message.fileName()
                    + " is in no Java package, and " + user.qualified()
                    + " cannot name it (expected: option java_package in " + message.fileName() + ")");
        }
        return message;
    }

    /** All services of a file, in its order. */
    List<ServiceClasses> servicesOf(FileDescriptorProto file, List<String> errors) {
        List<ServiceClasses> found = new ArrayList<>();
        ServiceNaming naming = new ServiceNaming(this, options, file);
        for (int i = 0; i < file.getServiceCount(); i++) {
            ServiceClasses service = naming.name(i, errors);
            if (service != null) {
                found.add(service);
            }
        }
        return found;
    }
}
