/**
 * Clients find servers in Kubernetes.
 *
 * <p>Start at {@link io.streamx.kubernetes.KubernetesResolver}.
 */
@NullMarked
package io.streamx.kubernetes;

import org.jspecify.annotations.NullMarked;
