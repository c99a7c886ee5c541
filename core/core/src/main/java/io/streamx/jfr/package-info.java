/**
 * What a recording of the JDK's Flight Recorder has of calls and connections. Start at {@link io.streamx.jfr.RecordedCall},
 * {@link io.streamx.jfr.Stalls} and {@link io.streamx.jfr.ConnectionRecords}; docs/observability.md lists the events.
 *
 * <p>Where nothing is recorded each of these is one check of a flag, and nothing is allocated.
 */
@NullMarked
package io.streamx.jfr;

import org.jspecify.annotations.NullMarked;
