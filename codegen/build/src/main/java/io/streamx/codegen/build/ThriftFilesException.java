package io.streamx.codegen.build;

/** What a user has given is wrong, the Thrift files or a setting; the message says what, and what was expected. */
public final class ThriftFilesException extends Exception {
    private static final long serialVersionUID = 1L;

    ThriftFilesException(String message) {
        super(message);
    }

    ThriftFilesException(String message, Throwable cause) {
        super(message, cause);
    }
}
