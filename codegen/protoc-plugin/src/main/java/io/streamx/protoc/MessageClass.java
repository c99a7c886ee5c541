package io.streamx.protoc;

import io.streamx.codegen.java.ClassName;
import io.streamx.codegen.java.JavaFile;
import io.streamx.codegen.java.KotlinFile;

/**
 * The Java class of a message.
 *
 * @param proto its full name in Protobuf
 * @param outermost the class at the top of its file
 * @param nested names of the classes below it, with a dot before each; empty when it is at the top itself
 * @param deprecated whether the proto deprecates it
 * @param fileName the proto file
 */
record MessageClass(String proto, ClassName outermost, String nested, boolean deprecated, String fileName) {
    /** The name of the class as Kotlin writes it. */
    String inKotlin() {
        return KotlinFile.quoted(outermost.qualified() + nested);
    }

    /** The name of the class as {@code file} has to write it. */
    String in(JavaFile file) {
        if (deprecated) {
            file.noteDeprecatedUse();
        }
        return file.use(outermost) + nested;
    }
}
