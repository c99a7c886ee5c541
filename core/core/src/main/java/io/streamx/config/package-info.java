/**
 * Settings that a config centre holds, and changes while programs run.
 *
 * <p>Start at {@link io.streamx.config.ConfigSource}.
 */
@NullMarked
package io.streamx.config;

import org.jspecify.annotations.NullMarked;
