/**
 * What the plugins of build tools share. They differ in how they are configured and in how they report.
 *
 * <p>Start at {@link io.streamx.codegen.build.ThriftGeneration}. What is generated, and from which IDL, is decided by
 * {@code streamx-codegen} and {@code streamx-idl}; here are folders, patterns, jars and the cleaning up.
 *
 * <p>Not for users: the plugins are.
 *
 * <p>Threads: each object on one thread; objects with different output folders may be used at once.
 */
@NullMarked
package io.streamx.codegen.build;

import org.jspecify.annotations.NullMarked;
