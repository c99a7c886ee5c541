/** Metrics of clients and servers for Micrometer; {@link io.streamx.micrometer.MicrometerMetrics} is where to begin. */
@NullMarked
package io.streamx.micrometer;

import org.jspecify.annotations.NullMarked;
