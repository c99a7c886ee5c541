package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.streamx.Metadata;
import io.streamx.wire.ServerCallContext;
import org.jspecify.annotations.Nullable;

/** How the request and the response of a unary call are written. On the thread of the handler, unless said otherwise. */
interface UnaryStyle<Req, Res> {
    /** Reads a whole body, which the caller keeps owning. */
    Req decode(ByteBuf body);

    /** The response with a result, which is null for void. */
    HttpReply success(@Nullable Res result, Metadata header, Metadata trailer);

    /** What a failure is to the caller. */
    CallError error(Throwable failure, boolean fromHandler, ServerCallContext context);

    /** The response with a failure. Any thread. */
    HttpReply failure(CallError error, Metadata header, Metadata trailer);
}
