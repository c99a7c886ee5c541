/**
 * Streams as publishers of {@link java.util.concurrent.Flow} and back, with back-pressure in both directions.
 *
 * <p>Start at {@link io.streamx.flow.FlowStreams}. Libraries of Reactive Streams have adapters from and to Flow.
 *
 * <p>Each subscription has one virtual thread, and a second one where requests are published too.
 */
@NullMarked
package io.streamx.flow;

import org.jspecify.annotations.NullMarked;
