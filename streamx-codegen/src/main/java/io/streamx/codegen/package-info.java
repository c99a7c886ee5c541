/** Java from Thrift IDL. */
@NullMarked
package io.streamx.codegen;

import org.jspecify.annotations.NullMarked;
