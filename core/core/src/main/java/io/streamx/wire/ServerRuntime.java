package io.streamx.wire;

import io.netty.channel.Channel;
import io.streamx.PingPong;
import io.streamx.Transport;
import io.streamx.net.StalledWrites.StallTimes;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDefinition.BoundMethod;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a wire module on the serving side is given: the services, and threads to run them on. */
public interface ServerRuntime {
    /** What a connection may hold and carry. */
    Limits limits();

    /** What was set for single transports. */
    TransportOptionsByType transportOptions();

    /** Makes the engine's side of a connection that carries streams. */
    StreamHost.Factory hosts();

    /** After how long without a call a connection is closed. */
    Duration idleTimeout();

    /** Within how long a message that has begun to arrive is to be whole; a large message has more time. */
    Duration readTimeout();

    /** How long a caller may take nothing of what its calls have to send; null for ever. */
    @Nullable
    Duration sendTimeout();

    /** How long bytes of one stream or connection may wait of which none leaves; {@code limit} is {@link #sendTimeout}. */
    StallTimes stallTimes(Duration limit);

    /** The whole replies of a connection that has no {@link StreamHost}. */
    UnsentReplies newReplies(Channel channel);

    /** The limit that the server sets for each unary handler; null for none. */
    @Nullable
    Duration unaryTimeout();

    /** Whether the time that a caller of a unary method allows with TTHeader's int key 12 is a limit of the handler. */
    boolean keepsCallerTimeout();

    /** The services of the server, in the order given, for a wire that shows its peers what there is. */
    List<ServiceDefinition> services();

    /**
     * Finds the method that a path of package, service and method names; where there is a handler for unknown methods,
     * every method is found.
     *
     * @param format what the messages are written in, which decides between services where the names leave it open
     */
    Lookup findPath(String packageName, String service, String method, PayloadFormat format);

    /**
     * Finds the method of a unary call by the simple name of its service; where there is a handler for unknown unary
     * methods, every method is found, and that handler takes the payload as it came.
     *
     * @param format what the payload is written in
     * @param oneway whether the request says that it wants no reply
     */
    Lookup findUnary(String service, String method, PayloadFormat format, boolean oneway);

    /**
     * Finds the method of a stream of Thrift messages by the simple name of its service; where there is a handler for
     * unknown methods, every method is found.
     */
    Lookup findStream(String service, String method);

    /** Whether {@link #start} is to be given all entries that a stream was opened with. */
    boolean wantsOpeningEntries();

    /**
     * Starts the handler of a stream whose messages are written as the method's descriptor has it, on a thread of its own.
     * On the event loop.
     *
     * @return what the wire module reports to
     */
    default <Req, Res> ServerStreamEvents start(
            StreamHost host,
            ServerWire wire,
            BoundMethod<Req, Res> method,
            ServerCallContext context,
            OpeningEntries entries) {
        return start(host, wire, method, method.descriptor(), context, entries);
    }

    /**
     * Starts the handler of a stream, on a thread of its own, whose messages may be written otherwise than the method's
     * descriptor has it, in JSON for instance. On the event loop.
     *
     * @param written the descriptor of {@code method} with the codecs of this stream, for messages of the classes that the
     *     handler takes and gives
     * @return what the wire module reports to
     */
    <Req, Res> ServerStreamEvents start(
            StreamHost host,
            ServerWire wire,
            BoundMethod<Req, Res> method,
            MethodDescriptor<Req, Res> written,
            ServerCallContext context,
            OpeningEntries entries);

    /**
     * Runs a unary handler with its middleware on a thread of its own.
     *
     * @param request decodes the request, on the thread of the handler
     * @param done is given the outcome, on the thread of the handler
     */
    <Req, Res> void call(
            BoundMethod<Req, Res> method,
            ServerCallContext context,
            RequestSource<Req> request,
            Consumer<Outcome<Res>> done);

    /**
     * Tells the call listeners, on another thread, of a call that was not run and that has a context.
     *
     * @param context given to nobody else
     */
    default void notRun(ServerCallContext context, Throwable reason) {}

    /**
     * Tells the call listeners, on another thread, of a call that was refused before it had a context.
     *
     * @param transport what the call travels on; null for a call that came by HTTP and is none of the transports'
     * @param carrier what carries a unary call that does not travel on gRPC; null for others
     */
    default void notRun(
            Channel channel,
            @Nullable Transport transport,
            @Nullable PingPong carrier,
            String service,
            String method,
            Supplier<? extends Throwable> reason) {}

    /**
     * Why the server takes no new call now, in words for the caller; null when it takes calls. This is cheap enough to
     * be asked for each call.
     */
    default @Nullable String refusal() {
        return null;
    }

    /** Tells the server of a connection, so that its shutdown waits for it. On the event loop. */
    void register(Channel channel, Drainable connection);

    /** Logs, at a limited rate, a connection that is closed because of what its peer has sent. */
    void refused(Channel channel, String what, String expected);

    /** Whether the server is closing: calls may finish, and connections should not be used again. */
    boolean isClosing();

    /** Decodes a request. */
    interface RequestSource<Req> {
        /** Decodes and returns the request. An exception becomes the outcome of the call, whose handler is not run. */
        Req decode();

        /** Gives up the request unread, in place of {@link #decode}: memory that others may use goes back to them. */
        default void discard() {}

        /** The size of the encoded request, without frames and headers. To be asked before the request is decoded. */
        int payloadBytes();

        /** What the call was opened with, for the user's hooks; null when what it travels on shows them streams alone. */
        default @Nullable OpeningEntries opening() {
            return null;
        }
    }

    /**
     * How a unary call ended.
     *
     * @param result what the handler returned; null for void and for a failure
     * @param failure what was thrown; null when nothing was
     * @param stage where it was thrown
     */
    record Outcome<Res>(@Nullable Res result, @Nullable Throwable failure, Stage stage) {}

    /** Who threw a failure. */
    enum Stage {
        /** The request could not be decoded. */
        DECODING,
        /** A middleware, or the runtime. */
        MIDDLEWARE,
        /** The handler. */
        HANDLER
    }

    /** The result of looking for a method. */
    sealed interface Lookup {
        /**
         * The method is served.
         *
         * @param isListed whether a service lists the method. Otherwise a handler for unknown methods takes the call,
         *     whose names are whatever peers send
         */
        record Found(BoundMethod<?, ?> method, boolean isListed) implements Lookup {}

        /**
         * No service of that name, and no other that has the method alone.
         *
         * @param served what there is, for the caller to compare with: services and their methods, some of them where they
         *     are many
         */
        record UnknownService(String served) implements Lookup {}

        /** The service is there, the method is not. */
        record UnknownMethod() implements Lookup {}

        /**
         * Several services fit, and no handler is to run by chance.
         *
         * @param services their full names
         */
        record Ambiguous(List<String> services) implements Lookup {
            /** The text for the caller, who named the service {@code called}. */
            public String message(String called) {
                return "unknown service " + called + ": " + String.join(" and ", services)
                        + " are served (expected: the full name of one, which " + Transport.GRPC.title()
                        + " alone carries)";
            }
        }
    }

    /** A connection that a closing server waits for. */
    interface Drainable {
        /** How many calls run on the connection now. On its event loop. */
        int activeCalls();

        /**
         * Begins the end of the connection: calls may finish, and when none is left the connection closes itself. On
         * its event loop.
         */
        void drain();
    }
}
