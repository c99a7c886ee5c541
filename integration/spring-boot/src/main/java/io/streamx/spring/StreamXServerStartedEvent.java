package io.streamx.spring;

import io.streamx.server.Server;
import org.springframework.context.ApplicationEvent;

/** The server of the application takes calls. */
public final class StreamXServerStartedEvent extends ApplicationEvent {
    private final transient Server server;

    StreamXServerStartedEvent(Object source, Server server) {
        super(source);
        this.server = server;
    }

    /** The server, which the application context closes. */
    public Server server() {
        return server;
    }
}
