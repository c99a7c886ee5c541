/**
 * What generated code and runtimes touch: descriptions of services, message codecs, channels to call through.
 *
 * <p>Start at {@link io.streamx.service.ServiceDefinition} for a server, {@link io.streamx.service.Channel} for a client.
 *
 * <p>The package has no threads of its own.
 */
@NullMarked
package io.streamx.service;

import org.jspecify.annotations.NullMarked;
