/**
 * Servers and clients find each other in etcd.
 *
 * <p>Start at {@link io.streamx.etcd.EtcdRegistry}. The records are those of Kitex' registry-etcd v0.3.0, so that Kitex and
 * this module find each other.
 */
@NullMarked
package io.streamx.etcd;

import org.jspecify.annotations.NullMarked;
