/**
 * Thrift IDL: read, link, check.
 *
 * <p>Start at {@link io.streamx.idl.ThriftIdl}; it gives {@link io.streamx.idl.Document}s whose names are all linked,
 * or one {@link io.streamx.idl.Diagnostic} per mistake. What is accepted is what Kitex' tool accepts.
 *
 * <p>Threads: none of its own. A result never changes and may be shared.
 *
 * <p>Knows nothing of Java code generation or of the runtime.
 */
@NullMarked
package io.streamx.idl;

import org.jspecify.annotations.NullMarked;
