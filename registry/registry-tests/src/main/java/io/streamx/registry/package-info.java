/**
 * What holds for every registry, as tests.
 *
 * <p>Start at {@link io.streamx.registry.RegistryContract}, {@link io.streamx.registry.KitexContract} and
 * {@link io.streamx.registry.ConfigContract}, which the module of each registry extends.
 */
@NullMarked
package io.streamx.registry;

import org.jspecify.annotations.NullMarked;
