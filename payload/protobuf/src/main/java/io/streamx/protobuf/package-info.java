/**
 * Protobuf messages as payloads of streams and unary calls.
 *
 * <p>Start at {@link io.streamx.protobuf.ProtobufMethod}, which generated code describes its methods with.
 *
 * <p>Threads: none of its own; everything here is stateless.
 */
@NullMarked
package io.streamx.protobuf;

import org.jspecify.annotations.NullMarked;
