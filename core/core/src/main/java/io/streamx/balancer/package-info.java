/**
 * Which of a service's instances a call goes to.
 *
 * <p>Start at {@link io.streamx.balancer.Balancer}.
 */
@NullMarked
package io.streamx.balancer;

import org.jspecify.annotations.NullMarked;
