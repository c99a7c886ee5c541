/** Traces of clients and servers for OpenTelemetry; {@link io.streamx.opentelemetry.OpenTelemetryTracing} is where to begin. */
@NullMarked
package io.streamx.opentelemetry;

import org.jspecify.annotations.NullMarked;
