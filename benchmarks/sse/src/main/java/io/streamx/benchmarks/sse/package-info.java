/**
 * Server-sent events of the gateway beside those of Armeria: a server process of either, a process that reads, and the runner
 * that compares them.
 *
 * <p>Start at {@link Compare}.
 */
@NullMarked
package io.streamx.benchmarks.sse;

import org.jspecify.annotations.NullMarked;
