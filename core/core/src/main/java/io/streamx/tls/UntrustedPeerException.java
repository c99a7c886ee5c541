package io.streamx.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import java.security.cert.CertificateException;

/** A peer's certificate was refused. The message says which one and why. */
final class UntrustedPeerException extends CertificateException {
    /** Errors of X509_verify_cert, as OpenSSL and BoringSSL number them; each becomes an alert. */
    static final int UNKNOWN_ISSUER = 20;

    static final int OUT_OF_TIME = 10;
    static final int OTHER_HOST = 62;

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    private UntrustedPeerException(Refusal refusal, CertificateException cause) {
        super(refusal.toString(), cause);
        this.refusal = refusal;
    }

    /**
     * An exception that also says to OpenSSL what to tell the peer. Without that, OpenSSL tells the peer of an internal
     * error.
     */
    static CertificateException of(Refusal refusal, int verifyError, CertificateException cause) {
        UntrustedPeerException explained = new UntrustedPeerException(refusal, cause);
        return new OpenSslCertificateException(explained.getMessage(), explained, verifyError);
    }

    Refusal refusal() {
        return refusal;
    }
}
