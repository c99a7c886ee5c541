package io.streamx.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import org.jspecify.annotations.Nullable;

/** What computes TLS. */
public enum TlsEngine {
    /** The JDK's own engine, which is always there. */
    JDK,
    /** OpenSSL or BoringSSL, which is faster. It is there when netty-tcnative is on the class path. */
    OPENSSL;

    /**
     * Netty's name of the engine.
     *
     * @param chosen null for OpenSSL where there is one, else the JDK
     * @throws IllegalStateException when OpenSSL was chosen and is not there
     */
    static SslProvider provider(@Nullable TlsEngine chosen) {
        if (chosen == OPENSSL && !OpenSsl.isAvailable()) {
            throw new IllegalStateException(
                    "TLS engine OPENSSL cannot be used: " + OpenSsl.unavailabilityCause()
                            + " (expected: io.netty:netty-tcnative-boringssl-static on the class path, with the"
                            + " classifier of this platform)",
                    OpenSsl.unavailabilityCause());
        }
        return chosen == JDK || !OpenSsl.isAvailable() ? SslProvider.JDK : SslProvider.OPENSSL;
    }
}
