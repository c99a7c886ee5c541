/**
 * One stream engine for all wire formats: pure state machines, bounded queues in both directions, blocking and waking.
 *
 * <p>Start at {@link io.streamx.engine.ClientStreamCore} and {@link io.streamx.engine.ServerStreamCore} for the states,
 * {@link io.streamx.engine.ClientExchange} and {@link io.streamx.engine.ServerExchange} for what a wire module talks to,
 * {@link io.streamx.engine.flow.OutboundQueue} and {@link io.streamx.engine.flow.InboundQueue} for how threads meet.
 *
 * <p>For wire modules; users never see these types.
 *
 * <p>The package has no threads of its own. Each type says which of its methods belong to the connection's event loop
 * and which to callers and handlers.
 */
@NullMarked
package io.streamx.engine;

import org.jspecify.annotations.NullMarked;
