/**
 * What a caller and a handler touch: the stream shapes, the call context, options and errors.
 *
 * <p>Start at {@link io.streamx.BidiStreamingClient} and {@link io.streamx.BidiStreamingServer}; the other shapes are
 * parts of these two. Errors are all unchecked {@link io.streamx.RpcException}s.
 *
 * <p>Threads: none of its own. Knows nothing of sockets or wire formats.
 */
@NullMarked
package io.streamx;

import org.jspecify.annotations.NullMarked;
