/** gRPC over HTTP/2: messages of streams and unary calls on Netty's HTTP/2 codec. */
@NullMarked
package io.streamx.grpc;

import org.jspecify.annotations.NullMarked;
