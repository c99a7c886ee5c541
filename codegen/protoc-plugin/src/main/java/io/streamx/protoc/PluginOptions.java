package io.streamx.protoc;

import io.streamx.codegen.java.JavaNames;
import org.jspecify.annotations.Nullable;

/**
 * What the plugin is told beside the protos, as in {@code --streamx_opt=java_package=com.acme.rpc,lite}.
 *
 * @param javaPackage the package of what is generated; null for that of each file's messages
 * @param kotlin whether services have suspending functions and flows of Kotlin too
 * @param lite whether the messages are generated for the lite runtime, which has no descriptors
 */
record PluginOptions(@Nullable String javaPackage, boolean kotlin, boolean lite) {
    /**
     * Takes the parameter of a request apart.
     *
     * @throws InvalidProtoException naming what is no option
     */
    static PluginOptions parse(String parameter) {
        String javaPackage = null;
        boolean kotlin = false;
        boolean lite = false;
        for (String option : parameter.split(",")) {
            int sign = option.indexOf('=');
            String name = sign < 0 ? option : option.substring(0, sign);
            String value = sign < 0 ? "" : option.substring(sign + 1);
            switch (name) {
                case "" -> {
                    if (sign == 0) {
                        throw unknown(option);
                    }
                }
                case "java_package" -> javaPackage = checkedPackage(value);
                case "kotlin" -> kotlin = flag(name, value);
                case "lite" -> lite = flag(name, value);
                default -> throw unknown(option);
            }
        }
        return new PluginOptions(javaPackage, kotlin, lite);
    }

    private static InvalidProtoException unknown(String option) {
        return new InvalidProtoException("option '" + option + "' (expected: java_package=NAME, kotlin or lite)");
    }

    private static String checkedPackage(String value) {
        if (value.isEmpty() || !JavaNames.packageName(value).equals(value)) {
            throw new InvalidProtoException(
                    "option java_package: '" + value + "' (expected: names with dots between, as com.acme.rpc)");
        }
        return value;
    }

    private static boolean flag(String name, String value) {
        return switch (value) {
            case "", "true" -> true;
            case "false" -> false;
            default ->
                throw new InvalidProtoException("option " + name + ": '" + value + "' (expected: true or false)");
        };
    }
}
