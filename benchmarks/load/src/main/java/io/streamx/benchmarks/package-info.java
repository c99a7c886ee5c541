/**
 * Load programs: client and server of several stacks, one process each, and the runner that compares them.
 *
 * <p>Start at {@link Bench}, then {@link Stack}; {@link Runner} starts the processes.
 */
@NullMarked
package io.streamx.benchmarks;

import org.jspecify.annotations.NullMarked;
