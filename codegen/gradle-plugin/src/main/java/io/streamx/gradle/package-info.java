/**
 * Generates Java from the Thrift IDL of a Gradle project.
 *
 * <p>Start at {@link io.streamx.gradle.StreamXPlugin}; users see {@link io.streamx.gradle.StreamXExtension} and the two
 * tasks. What is generated is decided by {@code streamx-codegen-build}, which the Maven plugin uses too.
 *
 * <p>Threads: tasks of several projects may run at once; they share nothing.
 */
@NullMarked
package io.streamx.gradle;

import org.jspecify.annotations.NullMarked;
