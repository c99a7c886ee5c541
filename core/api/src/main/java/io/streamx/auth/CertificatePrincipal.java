package io.streamx.auth;

import java.security.Principal;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a certificate, by the names that stand in it. {@link #getName} is the first of these that there is: the SPIFFE
 * ID, a DNS name, the common name, the whole subject.
 */
public final class CertificatePrincipal implements Principal {
    private static final String SPIFFE = "spiffe://";
    private static final int DNS_NAME = 2;
    private static final int URI = 6;

    private final X509Certificate certificate;
    private final List<String> dnsNames;
    private final List<String> uris;
    private final @Nullable String commonName;
    private final String name;

    private CertificatePrincipal(X509Certificate certificate, List<String> dnsNames, List<String> uris) {
        this.certificate = certificate;
        this.dnsNames = List.copyOf(dnsNames);
        this.uris = List.copyOf(uris);
        String subject = certificate.getSubjectX500Principal().getName();
        commonName = commonName(subject);
        String spiffeId = spiffeId();
        if (spiffeId != null) {
            name = spiffeId;
        } else if (!dnsNames.isEmpty()) {
            name = dnsNames.get(0);
        } else {
            name = commonName != null ? commonName : subject;
        }
    }

    /**
     * The owner of {@code certificate}. Whether it can be trusted is not looked at: the TLS handshake has done that.
     *
     * @throws io.streamx.StatusException with {@link io.streamx.StatusCode#UNAUTHENTICATED} when its alternative names cannot be
     *     read
     */
    public static CertificatePrincipal of(X509Certificate certificate) {
        List<String> dnsNames = new ArrayList<>();
        List<String> uris = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> one : alternatives) {
                    // Each entry is the number of a kind, and then the name.
                    if (one.get(0).equals(DNS_NAME)) {
                        dnsNames.add((String) one.get(1));
                    } else if (one.get(0).equals(URI)) {
                        uris.add((String) one.get(1));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            throw Authenticator.unauthenticated("the subject alternative names of the certificate cannot be read");
        }
        return new CertificatePrincipal(certificate, dnsNames, uris);
    }

    private static @Nullable String commonName(String subject) {
        try {
            // The most specific part of a name in RFC 2253's form stands first, which is the last of an LdapName.
            List<Rdn> parts = new LdapName(subject).getRdns();
            for (int i = parts.size() - 1; i >= 0; i--) {
                if (parts.get(i).getType().equalsIgnoreCase("CN")
                        && parts.get(i).getValue() instanceof String text) {
                    return text;
                }
            }
            return null;
        } catch (InvalidNameException e) {
            return null;
        }
    }

    @Override
    public String getName() {
        return name;
    }

    /** The certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /**
     * The SPIFFE ID, such as {@code spiffe://acme.example/ns/prod/sa/chat}; null without one, and, as SPIFFE has it, where the
     * certificate has another URI beside it.
     */
    public @Nullable String spiffeId() {
        return uris.size() == 1 && uris.get(0).regionMatches(true, 0, SPIFFE, 0, SPIFFE.length()) ? uris.get(0) : null;
    }

    /** Whether the {@link #spiffeId} is one of a trust domain, such as {@code acme.example}. */
    public boolean isOfTrustDomain(String domain) {
        String id = spiffeId();
        if (id == null) {
            return false;
        }
        int end = id.indexOf('/', SPIFFE.length());
        return id.substring(SPIFFE.length(), end < 0 ? id.length() : end).equalsIgnoreCase(domain);
    }

    /** The DNS names among the subject's alternative names. */
    public List<String> dnsNames() {
        return dnsNames;
    }

    /** The URIs among the subject's alternative names. */
    public List<String> uris() {
        return uris;
    }

    /** The common name of the subject; null without one. */
    public @Nullable String commonName() {
        return commonName;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CertificatePrincipal principal && principal.certificate.equals(certificate);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(certificate);
    }

    @Override
    public String toString() {
        return name;
    }
}
