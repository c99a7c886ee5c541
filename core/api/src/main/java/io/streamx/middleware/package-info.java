/**
 * Functions from the next step to a step, composed once when a client or server is built; the first registered is the
 * outermost. The steps run on the thread of the caller or handler.
 *
 * <p>Source: docs/protocol/semantics.md "7. Middleware".
 */
@NullMarked
package io.streamx.middleware;

import org.jspecify.annotations.NullMarked;
