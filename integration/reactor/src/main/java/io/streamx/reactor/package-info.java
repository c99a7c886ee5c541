/**
 * Streams as Flux and Mono of Reactor, and back.
 *
 * <p>Start at {@link io.streamx.reactor.ReactorStreams}.
 *
 * <p>Threads: those of {@link io.streamx.flow}.
 */
@NullMarked
package io.streamx.reactor;

import org.jspecify.annotations.NullMarked;
