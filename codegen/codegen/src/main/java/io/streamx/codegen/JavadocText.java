package io.streamx.codegen;

import io.streamx.idl.Definition;

/** What Javadoc says where the IDL has no comment. */
final class JavadocText {
    private JavadocText() {}

    /** For a definition: what it is, as in {@code Struct {@code Request} of {@code echo.thrift}}. */
    static String of(Definition definition, String kind) {
        return Character.toUpperCase(kind.charAt(0)) + kind.substring(1) + " {@code " + definition.name()
                + "} of {@code " + definition.document().name() + ".thrift}.";
    }
}
