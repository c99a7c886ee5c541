/** Thrift IDL. */
@NullMarked
package io.streamx.idl;

import org.jspecify.annotations.NullMarked;
