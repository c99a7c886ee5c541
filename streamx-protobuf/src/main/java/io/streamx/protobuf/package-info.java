/** Protobuf messages as payloads of streams and unary calls. */
@NullMarked
package io.streamx.protobuf;

import org.jspecify.annotations.NullMarked;
