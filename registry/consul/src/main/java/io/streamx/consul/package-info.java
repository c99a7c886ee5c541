/**
 * Servers and clients find each other in Consul.
 *
 * <p>Start at {@link io.streamx.consul.ConsulRegistry}. The entries are those of Kitex' registry-consul v0.2.0, so that Kitex
 * and this module find each other.
 */
@NullMarked
package io.streamx.consul;

import org.jspecify.annotations.NullMarked;
