package io.streamx.nativeimage;

import java.util.List;

/**
 * One look-up by name that a class makes at run time.
 *
 * @param kind what is looked up
 * @param by the class that looks it up, by its name with dots
 * @param type the type that is looked up, or whose member is
 * @param member the name of the field or constructor; empty for a type
 * @param parameters the parameter types of a constructor
 */
record LookUp(Kind kind, String by, String type, String member, List<String> parameters) {
    enum Kind {
        TYPE,
        FIELD,
        CONSTRUCTOR,
        SERVICE,
        /** A file of the class path, whose name is {@code type}. */
        RESOURCE,
        /** A handler of Netty, whose methods Netty looks up when the handler joins a pipeline. */
        HANDLER,
        /** What this scan has no rule for; {@code member} says what it is. */
        UNKNOWN
    }

    static LookUp of(Kind kind, String by, String type, String member) {
        return new LookUp(kind, by, type, member, List.of());
    }
}
