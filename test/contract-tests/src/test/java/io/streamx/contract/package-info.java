/**
 * What users may rely on, whatever their calls travel on. Each class runs once for each {@link
 * io.streamx.contract.TransportUnderTest}; what transports may do differently, they say in {@link
 * io.streamx.contract.Errors}. What one transport alone does, and its bytes, are tested in its own module.
 */
@NullMarked
package io.streamx.contract;

import org.jspecify.annotations.NullMarked;
