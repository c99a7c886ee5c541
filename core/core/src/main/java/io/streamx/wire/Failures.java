package io.streamx.wire;

import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import java.time.Duration;

/** The errors that the engine raises, in the words of one wire. Each call makes a new one. */
public interface Failures {
    /** The user sends after closeSend. */
    RpcException sendAfterCloseSend();

    /** The user sends after the stream has ended well. */
    RpcException sendAfterEnd();

    /** The caller cancelled. */
    RpcException canceled(String reason);

    /** The user of this end closed it; {@code place} is the line that did. For this end alone: the peer is told {@code canceled("")}. */
    RpcException closedHere(String place);

    /** The enclosing call was cancelled. */
    RpcException canceledByParent(RpcException reason);

    /** One recv took too long; {@code setBy} completes "set by ...". */
    RpcException recvTimeout(RecvTimeout setting, String setBy, Duration waited);

    /** The whole stream took too long. */
    RpcException streamTimeout(TimeLimit setting, Duration passed);

    /** No message went either way for too long. */
    RpcException idleTimeout(TimeLimit setting, Duration passed);

    /** A handler's send waited too long while its caller took nothing of the {@code unsentBytes}. */
    RpcException sendTimeout(TimeLimit setting, long unsentBytes);

    /** The handler has returned. */
    RpcException handlerReturned();

    /** The handler adds header entries after the header was sent. */
    RpcException headerAlreadySent();

    /**
     * {@code failure}, which then also says that the peer has certainly not processed the stream. It is returned as it
     * is where the wire does not tell.
     */
    default RpcException notProcessed(RpcException failure) {
        return failure;
    }

    /** This side gave the stream up because it held too many unread bytes of a connection that others need. */
    RpcException tooManyUnreadBytes(long unreadBytes, Duration stalledFor);
}
