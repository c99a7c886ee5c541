/**
 * What a wire module implements so that clients and servers find and use it.
 *
 * <p>Start at {@link io.streamx.transport.TransportProvider}. Modules are found with {@link java.util.ServiceLoader}.
 */
@NullMarked
package io.streamx.transport;

import org.jspecify.annotations.NullMarked;
