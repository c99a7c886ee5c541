package io.streamx.codegen.java;

/**
 * A top-level class.
 *
 * @param packageName its package; empty for the unnamed one
 * @param simpleName its name there
 */
public record ClassName(String packageName, String simpleName) {
    /** The full name, which begins with the package. */
    public String qualified() {
        return packageName.isEmpty() ? simpleName : packageName + '.' + simpleName;
    }

    /** The file it stands in, relative to the output directory. */
    public String path() {
        return qualified().replace('.', '/') + ".java";
    }
}
