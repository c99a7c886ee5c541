/**
 * What bounds and orders the messages of streams in memory: queues, windows and budgets in both directions.
 *
 * <p>Start at {@link io.streamx.engine.flow.OutboundQueue} and {@link io.streamx.engine.flow.InboundQueue}, where the
 * event loop meets the threads of callers and handlers.
 *
 * <p>The package has no threads of its own. Each type says which of its methods belong to the event loop.
 */
@NullMarked
package io.streamx.engine.flow;

import org.jspecify.annotations.NullMarked;
