package io.streamx.cli;

import org.jspecify.annotations.Nullable;

/** What the user gave cannot be used; the message says what it is and what was expected. */
final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadInputException(String message) {
        super(message);
    }

    BadInputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
