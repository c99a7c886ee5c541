package io.streamx.idl;

/**
 * Something to tell the author of an IDL.
 *
 * @param severity whether it stops the generator
 * @param position where
 * @param message what is wrong, with the offending text, and what would be right
 */
public record Diagnostic(Severity severity, SourcePosition position, String message) {
    /** Whether a diagnostic stops the generator. */
    public enum Severity {
        /** Nothing is generated. */
        ERROR,
        /** The IDL has a meaning, perhaps another than its author thinks. */
        WARNING
    }

    /** Whether nothing can be generated. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code file:line:column: message}, as editors and terminals make clickable. */
    @Override
    public String toString() {
        return position + (isError() ? ": " : ": warning: ") + message;
    }
}
