/**
 * Java text in the making: names, files with their imports, Javadoc and code, for the generators of this project and for
 * no one else.
 *
 * <p>Start at {@link io.streamx.codegen.java.JavaFile}.
 *
 * <p>Knows nothing of Thrift or Protobuf.
 */
@NullMarked
package io.streamx.codegen.java;

import org.jspecify.annotations.NullMarked;
