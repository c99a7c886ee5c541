package io.streamx;

import org.jspecify.annotations.Nullable;

/**
 * A call or a stream failed. Everything that a call throws because of the other end, the network, a limit of time or a
 * cancel is one of these, and {@link #statusCode} tells them apart by their kind, whatever the call travelled on; mistakes
 * of the calling code are {@link IllegalArgumentException} and {@link IllegalStateException}.
 *
 * <table>
 * <caption>What a call throws</caption>
 * <tr><th>Subclass</th><th>When</th><th>{@code statusCode()}</th></tr>
 * <tr><td>{@link BizStatusException}</td><td>the handler's agreed outcome</td><td>that of its status, else UNKNOWN</td></tr>
 * <tr><td>{@link DeclaredException}</td><td>an exception of the IDL</td><td>UNKNOWN</td></tr>
 * <tr><td>{@link StatusException}</td><td>the outcome of a call on gRPC: the server's, or a stream's own</td><td>its
 * code</td></tr>
 * <tr><td>{@link StreamException}</td><td>the outcome of a stream on TTHeader</td><td>by its code</td></tr>
 * <tr><td>{@link ApplicationException}</td><td>the server could not run a unary Thrift call; a payload, on gRPC too, that
 * cannot be decoded</td><td>by its type: UNIMPLEMENTED, INTERNAL, UNKNOWN</td></tr>
 * <tr><td>{@link RpcTimeoutException}</td><td>the time of a unary call, or of the wait for a connection, ran
 * out</td><td>DEADLINE_EXCEEDED</td></tr>
 * <tr><td>{@link CallCancelledException}</td><td>a unary call whose enclosing call or context was
 * cancelled</td><td>CANCELLED</td></tr>
 * <tr><td>{@link ConnectionLostException}</td><td>the connection of a unary Thrift call ended before its
 * reply</td><td>UNAVAILABLE</td></tr>
 * <tr><td>{@link StreamEndedException}</td><td>{@code send}, when the server has ended the stream well
 * before</td><td>FAILED_PRECONDITION</td></tr>
 * <tr><td>{@link UnavailableException}</td><td>no connection could be made</td><td>UNAVAILABLE</td></tr>
 * <tr><td>{@link UnimplementedException}</td><td>thrown by handlers alone; callers see one of the
 * above</td><td>UNIMPLEMENTED</td></tr>
 * <tr><td>this class</td><td>anything else</td><td>UNKNOWN</td></tr>
 * </table>
 *
 * <p>The most precise class is caught first:
 *
 * <pre>{@code
 * try (var stream = echo.echoServer(new Request(message))) {
 *     StringBuilder all = new StringBuilder();
 *     for (Response reply : stream) {
 *         all.append(reply.message());
 *     }
 *     return all.toString();
 * } catch (BizStatusException e) { // what the two ends agreed on
 *     return "business error " + e.code() + ": " + e.bizMessage() + " " + e.extra();
 * } catch (StreamException e) { // a stream on TTHeader: 12001 to 12015
 *     return "stream failed with " + e.code() + " " + e.kind() + ": " + e.detail();
 * } catch (StatusException e) { // a call over gRPC
 *     return "status " + e.codeName() + ": " + e.statusMessage();
 * } catch (RpcException e) { // no connection, no time left, ...
 *     return "failed: " + e.getMessage();
 * }
 * }</pre>
 */
public class RpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** More causes than any honest chain has, so that a chain that goes in a circle ends too. */
    private static final int MAX_CAUSES = 64;

    private volatile boolean endedServerCall;

    /** Creates an error with a message that names what failed and the offending value. */
    public RpcException(String message) {
        super(message);
    }

    /** Creates an error with its cause. */
    public RpcException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** For outcomes that are values more than accidents, which {@code stackTrace} false makes cheap. */
    protected RpcException(String message, @Nullable Throwable cause, boolean stackTrace) {
        super(message, cause, true, stackTrace);
    }

    /**
     * This failure with the stack trace of the calling thread. A stream has one outcome and reports it to every call
     * that comes after it. Such a call throws what this method returns, so that the trace shows where the call was
     * made.
     */
    public RpcException onThisThread() {
        return this;
    }

    /**
     * What kind of failure this is, as one of gRPC's status codes ({@link StatusCode}), to switch on: for failures on other
     * carriers the code that gRPC would have.
     */
    public int statusCode() {
        return StatusCode.UNKNOWN;
    }

    /**
     * Whether a call failed because the server call that it was made under had ended: its caller cancelled it or has
     * gone, its deadline passed, or its handler returned. So a handler can tell a cancel that came from above from one
     * of its own or of the called server. Only the process of the handler knows; it knows for calls on every carrier,
     * and for calls under contexts that were derived from the handler's.
     */
    public boolean isCausedByEnclosingCall() {
        Throwable cause = getCause();
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof RpcException reason && reason.endedServerCall) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /**
     * Says that a server call has ended for this reason, which becomes the cause of what the calls made under it throw.
     * For runtimes.
     */
    public void markAsEndOfServerCall() {
        endedServerCall = true;
    }
}
