/**
 * Where services are: how a server makes itself known in a registry, and how a client follows what a registry knows.
 *
 * <p>Start at {@link io.streamx.discovery.Resolver} and {@link io.streamx.discovery.Registry}. A module for one registry
 * implements both and uses {@link io.streamx.discovery.EndlessTask} and {@link io.streamx.discovery.KeptRegistration}, so
 * that all of them try for ever, log once, and end the same way.
 */
@NullMarked
package io.streamx.discovery;

import org.jspecify.annotations.NullMarked;
