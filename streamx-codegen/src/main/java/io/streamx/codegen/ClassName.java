package io.streamx.codegen;

/**
 * A top-level class.
 *
 * @param packageName its package
 * @param simpleName its name there
 */
record ClassName(String packageName, String simpleName) {
    String qualified() {
        return packageName + '.' + simpleName;
    }

    /** The file it stands in, relative to the output directory. */
    String path() {
        return packageName.replace('.', '/') + '/' + simpleName + ".java";
    }
}
