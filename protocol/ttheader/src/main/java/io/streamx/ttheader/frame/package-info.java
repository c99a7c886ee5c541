/**
 * TTHeader frames and their bytes.
 *
 * <p>Start at {@link io.streamx.ttheader.frame.TTHeader} for the layout, then
 * {@link io.streamx.ttheader.frame.TTHeaderReader} and {@link io.streamx.ttheader.frame.TTHeaderWriter}.
 * {@link io.streamx.ttheader.frame.Carrier} tells from eight bytes what a peer speaks.
 *
 * <p>The package has no threads of its own. A reader belongs to one event loop; a writer may be used from any thread.
 *
 * <p>The package knows nothing of sockets, streams or Thrift structs; waiting for the rest of a frame is the caller's
 * business.
 */
@NullMarked
package io.streamx.ttheader.frame;

import org.jspecify.annotations.NullMarked;
