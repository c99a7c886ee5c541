/**
 * Servers and clients find each other in Nacos, and policies come from it.
 *
 * <p>Start at {@link io.streamx.nacos.NacosRegistry}, and at {@link io.streamx.nacos.NacosConfig} for a config centre. The
 * records are those of Kitex' registry-nacos v0.1.2 and v2.0.0, so that Kitex and this module find each other.
 */
@NullMarked
package io.streamx.nacos;

import org.jspecify.annotations.NullMarked;
