/**
 * Protobuf messages as payloads of streams and unary calls.
 *
 * <p>Start at {@link io.streamx.protobuf.ProtobufMethod}, which generated code describes its methods with.
 *
 * <p>The package has no threads of its own; everything in it is stateless.
 */
@NullMarked
package io.streamx.protobuf;

import org.jspecify.annotations.NullMarked;
