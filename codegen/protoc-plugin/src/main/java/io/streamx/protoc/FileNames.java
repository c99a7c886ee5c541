package io.streamx.protoc;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FeatureSet;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileOptions;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.JavaFeaturesProto;
import com.google.protobuf.JavaFeaturesProto.JavaFeatures.NestInFileClassFeature.NestInFileClass;
import io.streamx.codegen.java.ClassName;

/**
 * Which Java classes protoc's own generator makes of a file.
 *
 * <p>Source: protobuf.dev, Java Generated Code Guide; java_features.proto.
 */
final class FileNames {
    private final FileDescriptorProto file;
    private final boolean since2024;
    private final String javaPackage;
    private final ClassName outer;

    FileNames(FileDescriptorProto file) {
        this.file = file;
        since2024 = file.getSyntax().equals("editions") && file.getEdition().getNumber() >= Edition.EDITION_2024_VALUE;
        FileOptions options = file.getOptions();
        javaPackage = options.hasJavaPackage() ? options.getJavaPackage() : file.getPackage();
        outer = new ClassName(
                javaPackage, options.hasJavaOuterClassname() ? options.getJavaOuterClassname() : defaultOuter());
    }

    String javaPackage() {
        return javaPackage;
    }

    /** The class with the file's descriptor, and with all that is not a class of its own. */
    ClassName outer() {
        return outer;
    }

    boolean isTopLevel(DescriptorProto message) {
        return isTopLevel(message.getOptions().getFeatures());
    }

    boolean isTopLevel(EnumDescriptorProto enumType) {
        return isTopLevel(enumType.getOptions().getFeatures());
    }

    /** Whether the class that protoc makes of {@code service}, where {@code java_generic_services} is set, is a top-level one. */
    boolean isTopLevel(ServiceDescriptorProto service) {
        return isTopLevel(service.getOptions().getFeatures());
    }

    private boolean isTopLevel(FeatureSet features) {
        if (!since2024) {
            return file.getOptions().getJavaMultipleFiles();
        }
        return features.getExtension(JavaFeaturesProto.java_).getNestInFileClass() != NestInFileClass.YES;
    }

    private String defaultOuter() {
        String base = file.getName().substring(file.getName().lastIndexOf('/') + 1);
        String name = camelCase(base.endsWith(".proto") ? base.substring(0, base.length() - ".proto".length()) : base);
        if (since2024) {
            return name + "Proto";
        }
        return declares(name) ? name + "OuterClass" : name;
    }

    /**
     * Writes {@code name} in camel case: a capital at the start and behind every character that is no letter. Such characters
     * are left out, but for digits.
     */
    private static String camelCase(String name) {
        StringBuilder out = new StringBuilder();
        boolean capital = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean lower = c >= 'a' && c <= 'z';
            boolean upper = c >= 'A' && c <= 'Z';
            boolean digit = c >= '0' && c <= '9';
            if (lower || upper || digit) {
                out.append(lower && capital ? (char) (c - 'a' + 'A') : c);
            }
            capital = !lower && !upper;
        }
        return out.toString();
    }

    /** Whether anything in the file, at any depth, has that name. */
    private boolean declares(String name) {
        return file.getEnumTypeList().stream().anyMatch(one -> one.getName().equals(name))
                || file.getServiceList().stream().anyMatch(one -> one.getName().equals(name))
                || file.getMessageTypeList().stream().anyMatch(one -> declares(one, name));
    }

    private static boolean declares(DescriptorProto message, String name) {
        return message.getName().equals(name)
                || message.getEnumTypeList().stream()
                        .anyMatch(one -> one.getName().equals(name))
                || message.getNestedTypeList().stream().anyMatch(one -> declares(one, name));
    }
}
