package io.streamx;

import java.util.List;

/**
 * gRPC's status codes. They are numbers and no enum, because handlers may send any number, and a number that this class
 * does not name arrives as it was sent.
 *
 * <p>Source: docs/protocol/grpc.md "8. Statuses" and "15. Differences".
 */
public final class StatusCode {
    /** Success; never the code of a {@link StatusException}. */
    public static final int OK = 0;
    /** The call was cancelled, usually by its caller. */
    public static final int CANCELLED = 1;
    /** Nothing more precise is known. */
    public static final int UNKNOWN = 2;
    /** The caller's argument is wrong, whatever the state of the system. */
    public static final int INVALID_ARGUMENT = 3;
    /** The time allowed has run out. */
    public static final int DEADLINE_EXCEEDED = 4;
    /** What was asked for does not exist. */
    public static final int NOT_FOUND = 5;
    /** What was to be made exists already. */
    public static final int ALREADY_EXISTS = 6;
    /** The caller is known and may not do this. */
    public static final int PERMISSION_DENIED = 7;
    /** A quota, or a limit of size or space, ran out. */
    public static final int RESOURCE_EXHAUSTED = 8;
    /** The system is not in the state the call needs. */
    public static final int FAILED_PRECONDITION = 9;
    /** The operation was given up because of a concurrent one. */
    public static final int ABORTED = 10;
    /** The operation went past the end of what is there. */
    public static final int OUT_OF_RANGE = 11;
    /** The server has no such method or does not support what was asked. */
    public static final int UNIMPLEMENTED = 12;
    /** An invariant is broken. */
    public static final int INTERNAL = 13;
    /** The service cannot be reached now; another attempt may succeed. */
    public static final int UNAVAILABLE = 14;
    /** Data is lost or corrupted. */
    public static final int DATA_LOSS = 15;
    /** The caller is not known. */
    public static final int UNAUTHENTICATED = 16;
    /** Kitex: one recv waited longer than its limit. The waiting end makes this status; it is never sent. */
    public static final int RECV_DEADLINE_EXCEEDED = 17;
    /** Kitex: the server has no such service. */
    public static final int UNKNOWN_SERVICE = 20;

    private static final List<String> NAMES = List.of(
            "OK",
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED",
            "RECV_DEADLINE_EXCEEDED");

    private StatusCode() {}

    /** The name of a code as gRPC spells it, such as {@code UNAVAILABLE}; the number itself where there is none. */
    public static String name(int code) {
        if (code >= 0 && code < NAMES.size()) {
            return NAMES.get(code);
        }
        return code == UNKNOWN_SERVICE ? "UNKNOWN_SERVICE" : Integer.toString(code);
    }
}
