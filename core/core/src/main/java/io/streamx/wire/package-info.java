/**
 * What a wire module implements so that clients and servers find and use it, and what it is given for that.
 *
 * <p>Start at {@link io.streamx.wire.TransportProvider}. Modules are found with {@link java.util.ServiceLoader}.
 */
@NullMarked
package io.streamx.wire;

import org.jspecify.annotations.NullMarked;
