package io.streamx.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides as another trust manager does, and says which certificate it has refused and what is wrong with it. Only a
 * trust manager has the refused certificate at hand.
 */
final class ExplainingTrustManager extends X509ExtendedTrustManager {
    private static final int NAMED_ISSUERS = 3;

    private final X509ExtendedTrustManager decider;
    private final String peer;

    /** {@code peer} says whose certificates these are: "server" or "client". */
    ExplainingTrustManager(X509ExtendedTrustManager decider, String peer) {
        this.decider = decider;
        this.peer = peer;
    }

    @FunctionalInterface
    private interface Check {
        void run() throws CertificateException;
    }

    private void explaining(X509Certificate[] chain, @Nullable String host, Check check) throws CertificateException {
        try {
            check.run();
        } catch (CertificateException e) {
            throw explained(chain, host, e);
        }
    }

    private CertificateException explained(X509Certificate[] chain, @Nullable String host, CertificateException e) {
        String whose = "the " + peer + "'s certificate '" + Certificates.name(chain[0]) + "'";
        for (int i = 0; i < chain.length; i++) {
            X509Certificate certificate = chain[i];
            try {
                certificate.checkValidity();
            } catch (CertificateException outOfTime) {
                String which = i == 0 ? "" : " has the issuer '" + Certificates.name(certificate) + "', which";
                Refusal refusal = new Refusal(
                        whose + which + " is not valid now",
                        "a time from " + certificate.getNotBefore().toInstant() + " to "
                                + certificate.getNotAfter().toInstant());
                return UntrustedPeerException.of(refusal, UntrustedPeerException.OUT_OF_TIME, e);
            }
        }
        // The JDK throws this very class for a name that does not match, and subclasses for whatever else is wrong.
        if (host != null && e.getClass() == CertificateException.class && e.getCause() == null) {
            Refusal refusal = new Refusal(whose + " is for " + Certificates.hosts(chain[0]), "one for " + host);
            return UntrustedPeerException.of(refusal, UntrustedPeerException.OTHER_HOST, e);
        }
        String issuer = chain[chain.length - 1].getIssuerX500Principal().getName();
        Refusal refusal = new Refusal(
                whose + " is not trusted; its issuer is '" + issuer + "': " + e.getMessage(),
                "one issued by " + issuers());
        return UntrustedPeerException.of(refusal, UntrustedPeerException.UNKNOWN_ISSUER, e);
    }

    private String issuers() {
        X509Certificate[] accepted = decider.getAcceptedIssuers();
        String first = Arrays.stream(accepted)
                .limit(NAMED_ISSUERS)
                .map(certificate -> "'" + Certificates.name(certificate) + "'")
                .collect(Collectors.joining(" or "));
        int others = accepted.length - NAMED_ISSUERS;
        return first.isEmpty()
                ? "someone that is trusted"
                : first + (others > 0 ? " or one of " + others + " others" : "");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        explaining(chain, engine.getPeerHost(), () -> decider.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        explaining(chain, null, () -> decider.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        explaining(chain, null, () -> decider.checkServerTrusted(chain, authType));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        explaining(chain, null, () -> decider.checkClientTrusted(chain, authType, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        explaining(chain, null, () -> decider.checkClientTrusted(chain, authType, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        explaining(chain, null, () -> decider.checkClientTrusted(chain, authType));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return decider.getAcceptedIssuers();
    }
}
