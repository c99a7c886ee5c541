/**
 * Generates Java from the Thrift IDL of a Maven project.
 *
 * <p>Start at {@link io.streamx.maven.GenerateMojo}. What is generated, and from which IDL, is decided by
 * {@code streamx-codegen} and {@code streamx-idl}; here are parameters, folders and the cleaning up.
 *
 * <p>Threads: each execution on its own; executions of several modules may run at once.
 */
@NullMarked
package io.streamx.maven;

import org.jspecify.annotations.NullMarked;
