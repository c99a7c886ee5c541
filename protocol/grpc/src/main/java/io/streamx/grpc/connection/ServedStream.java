package io.streamx.grpc.connection;

import io.streamx.RpcException;

/** What a server's connection tells each of its streams, whatever they carry. On the event loop. */
interface ServedStream {
    /** HEADERS have come behind those of the request: the request ends. */
    void onTrailers();

    /** RST_STREAM has come. */
    void onReset(long errorCode);

    /** The caller, a deadline or the connection ended the call under its handler, and nobody is to be told. */
    void interrupt(RpcException reason);
}
