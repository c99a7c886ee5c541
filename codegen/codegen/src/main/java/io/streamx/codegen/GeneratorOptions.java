package io.streamx.codegen;

import io.streamx.codegen.java.JavaNames;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the IDL does not say. Immutable.
 *
 * @param javaPackage the package of every document; null to take it from each document's namespaces
 * @param javaPackages the package of single documents by {@link io.streamx.idl.Document#name()}; goes before the other
 * @param kotlin whether services have suspending functions and flows for Kotlin too
 */
public record GeneratorOptions(@Nullable String javaPackage, Map<String, String> javaPackages, boolean kotlin) {
    /** The options under which everything is taken from the IDL. */
    public static final GeneratorOptions DEFAULTS = new GeneratorOptions(null, Map.of(), false);

    /** Checks that the packages can be written in Java. */
    public GeneratorOptions {
        javaPackages = Map.copyOf(javaPackages);
        if (javaPackage != null) {
            check(javaPackage);
        }
        javaPackages.values().forEach(GeneratorOptions::check);
    }

    private static void check(String javaPackage) {
        if (!JavaNames.packageName(javaPackage).equals(javaPackage)) {
            throw new IllegalArgumentException(
                    "Java package: '" + javaPackage + "' (expected: names with dots between, as com.example.echo)");
        }
    }

    /** These options, but with one package for every document. */
    public GeneratorOptions withJavaPackage(String javaPackage) {
        return new GeneratorOptions(javaPackage, javaPackages, kotlin);
    }

    /** These options, but with a package for the document whose file name, without its extension, is {@code document}. */
    public GeneratorOptions withJavaPackage(String document, String javaPackage) {
        Map<String, String> more = new LinkedHashMap<>(javaPackages);
        more.put(document, javaPackage);
        return new GeneratorOptions(this.javaPackage, more, kotlin);
    }

    /**
     * These options, but with or without the Kotlin of services, which is generated beside their Java and uses {@code
     * streamx-kotlin}.
     */
    public GeneratorOptions withKotlin(boolean wanted) {
        return new GeneratorOptions(javaPackage, javaPackages, wanted);
    }
}
