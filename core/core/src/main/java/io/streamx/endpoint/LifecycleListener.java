package io.streamx.endpoint;

/**
 * Is told of clients or servers that begin and end, for those who look at them from outside: {@code Client.Builder.lifecycleListener},
 * {@code Server.Builder.lifecycleListener}. What it throws is thrown by what told it, {@code build()}, {@code start()} or {@code
 * close()}; the client or server that nobody was given then has been closed.
 *
 * @param <E> {@code Client} or {@code Server}
 */
public interface LifecycleListener<E> {
    /** A client was built or a server has started, on the thread that did so. */
    default void onOpen(E endpoint) {}

    /** The client or server has been closed, on the thread that closed it first. */
    default void onClose(E endpoint) {}
}
