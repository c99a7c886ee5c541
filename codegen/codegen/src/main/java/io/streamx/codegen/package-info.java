/**
 * Java from Thrift IDL.
 *
 * <p>Start at {@link io.streamx.codegen.JavaGenerator}: linked documents in, files out. It reads and writes nothing by
 * itself, and gives the same output for the same input.
 *
 * <p>Threads: none of its own.
 *
 * <p>Knows nothing of the runtime but the names that generated code uses.
 */
@NullMarked
package io.streamx.codegen;

import org.jspecify.annotations.NullMarked;
