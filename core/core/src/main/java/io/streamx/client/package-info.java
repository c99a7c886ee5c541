/**
 * Calling: connections to an address and the streams and unary calls on them.
 *
 * <p>Start at {@link io.streamx.client.Client}.
 */
@NullMarked
package io.streamx.client;

import org.jspecify.annotations.NullMarked;
