/**
 * Unary calls of Thrift services: framed, buffered, and both behind a TTHeader; and of Kitex' Protobuf services without
 * gRPC.
 *
 * <p>Start at {@link io.streamx.ttheader.unary.UnaryCarriers}. {@code MessageFraming} finds the messages in a
 * connection's bytes, {@code MessageWriter} makes them; {@code UnaryClientConnection} and {@code UnaryServerConnection}
 * say what the messages mean.
 *
 * <p>A connection stays on its event loop; requests are encoded and replies decoded on the caller's thread, requests
 * decoded and replies encoded on the handler's.
 *
 * <p>Source: docs/protocol/unary.md, docs/protocol/ttheader.md; kitex pkg/remote/codec/default_codec.go.
 */
@NullMarked
package io.streamx.ttheader.unary;

import org.jspecify.annotations.NullMarked;
