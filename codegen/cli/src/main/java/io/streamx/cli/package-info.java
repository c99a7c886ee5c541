/**
 * The command {@code streamx}.
 *
 * <p>Start at {@link io.streamx.cli.StreamXCommand}; each subcommand is a class of its own.
 *
 * <p>Threads: runs on the caller's.
 */
@NullMarked
package io.streamx.cli;

import org.jspecify.annotations.NullMarked;
