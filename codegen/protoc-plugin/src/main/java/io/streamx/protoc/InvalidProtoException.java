package io.streamx.protoc;

/** What stands in the way of generating; the message is for whoever wrote the protos or the options. */
final class InvalidProtoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidProtoException(String message) {
        super(message);
    }
}
