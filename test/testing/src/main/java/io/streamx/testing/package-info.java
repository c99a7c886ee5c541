/**
 * For tests of services and their callers. Start at {@link io.streamx.testing.StreamXServer}; docs/testing.md shows all of it.
 *
 * <p>Threads: those of clients and servers, and virtual ones of the fault proxy, which end when it is closed.
 */
@org.jspecify.annotations.NullMarked
package io.streamx.testing;
