/**
 * Calls without generated classes: a Thrift IDL is read at run time, and messages are JSON texts or plain Java values.
 *
 * <p>Start at {@link io.streamx.generic.GenericService}, then {@link io.streamx.generic.GenericClient} and
 * {@link io.streamx.generic.GenericHandler}. {@link io.streamx.generic.Form} says what messages look like.
 *
 * <p>For gateways, commands and tests. Generated classes are faster and find mistakes when they are compiled.
 *
 * <p>Threads: none of its own; everything runs on the threads of callers and handlers.
 */
@NullMarked
package io.streamx.generic;

import org.jspecify.annotations.NullMarked;
