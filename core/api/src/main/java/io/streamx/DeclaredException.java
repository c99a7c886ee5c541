package io.streamx;

/**
 * The base of the exceptions an IDL declares. A unary handler throws one named in its {@code throws} clause and the
 * caller catches the same class; thrown by a streaming handler it is an ordinary error (Kitex ignores {@code throws}
 * there).
 */
public abstract class DeclaredException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** For generated classes; {@code message} shows the fields. */
    protected DeclaredException(String message) {
        super(message);
    }
}
