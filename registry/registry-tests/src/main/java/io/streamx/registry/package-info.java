/**
 * What holds for every registry, as tests.
 *
 * <p>Start at {@link io.streamx.registry.RegistryContract} and {@link io.streamx.registry.KitexContract}, which the module of
 * each registry extends.
 */
@NullMarked
package io.streamx.registry;

import org.jspecify.annotations.NullMarked;
