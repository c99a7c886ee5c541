/**
 * What every wire needs of a socket: event loops, frames cut out of bytes, small writes gathered into large ones, and an
 * end that loses nothing.
 *
 * <p>Start at {@link io.streamx.net.EventLoops}, {@link io.streamx.net.FrameCutter} and
 * {@link io.streamx.net.BatchWriter}.
 *
 * <p>The package knows nothing of streams or of any protocol.
 */
@NullMarked
package io.streamx.net;

import org.jspecify.annotations.NullMarked;
