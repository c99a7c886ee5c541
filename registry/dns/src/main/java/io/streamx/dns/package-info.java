/**
 * Clients find servers by DNS.
 *
 * <p>Start at {@link io.streamx.dns.DnsResolver}.
 */
@NullMarked
package io.streamx.dns;

import org.jspecify.annotations.NullMarked;
