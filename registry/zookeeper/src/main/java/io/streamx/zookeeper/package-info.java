/**
 * Servers and clients find each other in ZooKeeper.
 *
 * <p>Start at {@link io.streamx.zookeeper.ZookeeperRegistry}. The nodes are those of Kitex' registry-zookeeper, so that Kitex
 * and this module find each other.
 */
@NullMarked
package io.streamx.zookeeper;

import org.jspecify.annotations.NullMarked;
