package io.streamx.grpc.http;

import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.wire.ServerRuntime;

/** Takes the requests of one server's HTTP/2 connections that are no calls of gRPC. Safe from any thread. */
public interface HttpRequests {
    /** A connection has come. On its event loop. */
    Connection connection(ServerRuntime runtime);

    /** Whether a client that offers HTTP/2 and HTTP/1.1 in a TLS handshake is answered with HTTP/2. */
    boolean prefersHttp2();

    /**
     * Whether a request may name in {@code :protocol} what its stream is to speak, which clients are told then. Source: RFC 8441
     * section 3.
     */
    boolean takesConnectProtocol();

    /** Takes the requests of one connection. On its event loop. */
    interface Connection {
        /**
         * The head of a request has come. It has one method, one scheme and one path, none of which is empty, and is valid as
         * far as RFC 9113 section 8.2 goes. The answer may be written at once.
         *
         * @param head the headers, those of HTTP/2 among them
         * @param isWhole whether the request has no body
         * @return what is told of the rest of the request
         */
        HttpRequest open(HttpStream stream, Http2Headers head, boolean isWhole);
    }
}
