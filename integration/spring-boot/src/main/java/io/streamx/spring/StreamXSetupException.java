package io.streamx.spring;

import org.jspecify.annotations.Nullable;

/** Services or clients cannot be set up as they are declared. Spring Boot prints what is wrong and what to do. */
public final class StreamXSetupException extends RuntimeException {
    private final String action;

    StreamXSetupException(String description, String action) {
        this(description, action, null);
    }

    StreamXSetupException(String description, String action, @Nullable Throwable cause) {
        super(description, cause);
        this.action = action;
    }

    /** What to do about it. */
    public String action() {
        return action;
    }
}
