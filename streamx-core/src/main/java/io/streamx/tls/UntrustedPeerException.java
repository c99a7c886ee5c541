package io.streamx.tls;

import java.security.cert.CertificateException;

/** A peer's certificate was refused; says which and why. */
final class UntrustedPeerException extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    UntrustedPeerException(String what, String expected, CertificateException cause) {
        super(what + " (expected: " + expected + ")", cause);
        refusal = new Refusal(what, expected);
    }

    Refusal refusal() {
        return refusal;
    }
}
