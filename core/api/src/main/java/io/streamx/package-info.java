/**
 * What a caller and a handler touch: the stream shapes, the call context, options and errors.
 *
 * <p>Start at {@link io.streamx.BidiStreamingClient} and {@link io.streamx.BidiStreamingServer}; the other shapes are
 * parts of these two. All errors are unchecked {@link io.streamx.RpcException}s.
 *
 * <p>The package has no threads of its own, and knows nothing of sockets or wire formats.
 */
@NullMarked
package io.streamx;

import org.jspecify.annotations.NullMarked;
