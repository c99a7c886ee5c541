package io.streamx.idl;

/** Leaves the element being parsed; caught where the parser can go on. */
final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient SourcePosition position;

    SyntaxException(SourcePosition position, String message) {
        super(message, null, false, false);
        this.position = position;
    }

    SourcePosition position() {
        return position;
    }
}
