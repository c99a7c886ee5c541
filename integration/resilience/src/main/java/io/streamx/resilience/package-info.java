/**
 * What a client does when calls fail, and what a server does when there are too many.
 *
 * <p>Start at {@link io.streamx.resilience.Resilience}, which installs itself into clients and servers, and
 * {@link io.streamx.resilience.Policies}, the data it goes by.
 */
@NullMarked
package io.streamx.resilience;

import org.jspecify.annotations.NullMarked;
