/**
 * Calls and handlers as suspending functions and flows of Kotlin; docs/kotlin.md. What blocks runs on virtual threads, so
 * that no thread of a coroutine dispatcher waits.
 */
@org.jspecify.annotations.NullMarked
package io.streamx.kotlin;
