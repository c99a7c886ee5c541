/**
 * Calls and serves Protobuf services that are known from their descriptors alone, with messages as JSON.
 *
 * <p>Start at {@link ProtobufService}, then {@link ProtobufJsonClient} or {@link ProtobufJsonHandler}.
 *
 * <p>Threads: none of its own. Knows nothing of connections.
 */
@NullMarked
package io.streamx.generic.protobuf;

import org.jspecify.annotations.NullMarked;
