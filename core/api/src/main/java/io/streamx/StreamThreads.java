package io.streamx;

/**
 * What schedules the virtual threads that streams and unary calls run on. User code does not change with the choice.
 */
public enum StreamThreads {
    /** The JDK's scheduler of virtual threads. */
    VIRTUAL,

    /**
     * The event loop of the connection: a message then wakes one thread of the operating system where it wakes three
     * otherwise. This is meant for handlers and callers that mostly wait and pass messages on.
     *
     * <p>The price: while a handler or caller computes, or waits in a way that holds its carrier thread (native code; on
     * JDK 21 to 23 also inside {@code synchronized}), all connections of its event loop wait. A thread that has computed
     * for 100 ms without a break more than once is moved to the JDK's scheduler, and one that does not come back for a
     * second is named in the log with its stack.
     *
     * <p>The JVM has to be started with {@code --add-opens java.base/java.lang=ALL-UNNAMED} on the command line ({@code
     * =io.streamx.core} where core is on the module path), or with {@code Add-Opens: java.base/java.lang} in the
     * manifest of the application's executable jar. Without that, and on a JDK that has no such scheduling, {@link
     * #VIRTUAL} is used. The log says once for each server and client which of the two schedules its threads.
     */
    EVENT_LOOP
}
