/**
 * Java against real Kitex: the cases of {@code test/interop/cases.json}, and the Java peers that play them.
 *
 * <p>Start at {@link io.streamx.interop.InteropCase}; {@link io.streamx.interop.CasePlayer} is a client that plays one,
 * {@link io.streamx.interop.JavaServer} a server that obeys the commands in its messages, and
 * {@link io.streamx.interop.KitexPeers} the same two in Go. {@code test/interop/README.md} describes steps and commands.
 */
@NullMarked
package io.streamx.interop;

import org.jspecify.annotations.NullMarked;
