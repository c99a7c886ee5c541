package io.streamx.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.streamx.wire.TimeLimit;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS contexts of one side, made anew when their files have changed. New connections use the new contexts, and
 * connections that are there go on with theirs. Safe from any thread; {@link #reload} and what calls it read files.
 */
final class TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);
    /**
     * The ciphers of TLS 1.3, and those of TLS 1.2 with forward secrecy and AEAD, which HTTP/2 asks for (RFC 9113
     * section 9.2.2).
     */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** Makes a context for one side from credentials. */
    @FunctionalInterface
    interface Recipe {
        SslContextBuilder builder(Credentials credentials);
    }

    private final String whose;
    private final @Nullable Identity identity;
    private final @Nullable Trust trust;
    private final @Nullable Recipe recipe;
    private final SslProvider provider;
    private final @Nullable Duration interval;
    private volatile Generation current;
    /** The files as they were last tried, well or broken: a broken one is tried once. Guarded by this. */
    private Map<PemSource, byte[]> tried = Map.of();

    /** What was last told of files that cannot even be read, so that it is told once. Guarded by {@code this}. */
    private @Nullable String complaint;

    private volatile long checkedNanos = System.nanoTime();

    /** Contexts from one read of all files. */
    private static final class Generation {
        private final Map<List<String>, SslContext> byProtocols = new ConcurrentHashMap<>();
        private final Function<List<String>, SslContext> maker;
        private final Credentials credentials;

        Generation(Credentials credentials, Function<List<String>, SslContext> maker) {
            this.credentials = credentials;
            this.maker = maker;
        }

        SslContext context(List<String> applicationProtocols) {
            return byProtocols.computeIfAbsent(applicationProtocols, maker);
        }
    }

    /** Contexts of which a user has made one, which serves every protocol. */
    TlsContexts(SslContext own) {
        whose = "own context";
        identity = null;
        trust = null;
        recipe = null;
        provider = SslProvider.JDK;
        interval = null;
        current = new Generation(new Credentials(List.of(), null, null, null), protocols -> own);
    }

    /**
     * Reads the files.
     *
     * @param interval how often to look whether the files have changed; null for never
     * @throws IllegalArgumentException naming the file that is wrong and how
     */
    TlsContexts(
            String whose,
            @Nullable Identity identity,
            @Nullable Trust trust,
            Recipe recipe,
            SslProvider provider,
            @Nullable Duration interval) {
        this.whose = whose;
        this.identity = identity;
        this.trust = trust;
        this.recipe = recipe;
        this.provider = provider;
        this.interval = interval;
        if (interval != null && !hasFiles()) {
            throw new IllegalStateException("reloadEvery was set and no files (expected: certificates from PEM files)");
        }
        Map<PemSource, byte[]> contents = Credentials.read(identity, trust);
        remember(contents);
        current = made(recipe, contents);
    }

    /** Keys are not kept where nobody compares them with those of a later day. */
    private void remember(Map<PemSource, byte[]> contents) {
        if (interval != null) {
            tried = contents;
        }
    }

    private boolean hasFiles() {
        return (identity instanceof Identity.Pems shown && shown.hasFiles())
                || (trust instanceof Trust.Pems believed && believed.hasFiles());
    }

    private Generation made(Recipe making, Map<PemSource, byte[]> contents) {
        Credentials credentials = Credentials.of(identity, trust, contents);
        Generation generation = new Generation(credentials, protocols -> context(making, credentials, protocols));
        // The context is made now, so that what the engine does not like is known before the first connection.
        generation.context(List.of());
        return generation;
    }

    private SslContext context(Recipe making, Credentials credentials, List<String> protocols) {
        try {
            SslContextBuilder builder = making.builder(credentials)
                    .sslProvider(provider)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
            if (!protocols.isEmpty()) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        // These are the behaviours that both engines have. Whoever insists on a protocol looks at what
                        // was agreed on.
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocols));
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the " + whose + " TLS settings cannot be used by the engine " + provider + ": " + e.getMessage()
                            + (identity == null ? "" : " (identity: " + identity + ")"),
                    e);
        }
    }

    /**
     * The context for connections that may choose one of {@code applicationProtocols} by ALPN; an empty list stands for
     * no ALPN.
     */
    SslContext context(List<String> applicationProtocols) {
        return current.context(applicationProtocols);
    }

    /** What this side shows of itself now, in words. */
    String shown() {
        List<X509Certificate> chain = current.credentials.chain();
        if (!chain.isEmpty()) {
            return "'" + Certificates.name(chain.getFirst()) + "'";
        }
        return recipe == null
                ? "what a context of our own chose"
                : identity == null ? "none" : "what a key manager of our own chose";
    }

    /** How often to look for changes; null for never. */
    @Nullable
    Duration interval() {
        return interval;
    }

    /**
     * Reads the files now.
     *
     * @throws IllegalArgumentException naming the file that is wrong and how; what was there before stays
     * @throws IllegalStateException when there are no files
     */
    synchronized void reload() {
        Recipe making = recipe;
        if (making == null || !hasFiles()) {
            throw new IllegalStateException("there is nothing to reload (expected: certificates from PEM files)");
        }
        Map<PemSource, byte[]> contents = Credentials.read(identity, trust);
        remember(contents);
        Generation fresh = made(making, contents);
        // The contexts are made here, so that no event loop has to make them.
        current.byProtocols.keySet().forEach(fresh::context);
        current = fresh;
        LOG.info("{} TLS files reloaded: {}", whose, contents.keySet());
    }

    /** Reads the files and, when one has changed, uses them; a broken one is a line in the log and changes nothing. */
    synchronized void reloadIfChanged() {
        checkedNanos = System.nanoTime();
        try {
            if (!same(tried, Credentials.read(identity, trust))) {
                reload();
            }
            complaint = null;
        } catch (IllegalArgumentException e) {
            if (!String.valueOf(e.getMessage()).equals(complaint)) {
                complaint = e.getMessage();
                LOG.warn("{} TLS files not reloaded, those read before stay in use: {}", whose, complaint);
            }
        }
    }

    /** Does what {@link #reloadIfChanged} does when the interval has passed since the files were last read. */
    void reloadIfDue() {
        if (interval != null && System.nanoTime() - checkedNanos >= TimeLimit.nanos(interval)) {
            reloadIfChanged();
        }
    }

    private static boolean same(Map<PemSource, byte[]> one, Map<PemSource, byte[]> other) {
        return one.keySet().equals(other.keySet())
                && one.entrySet().stream()
                        .allMatch(entry -> Arrays.equals(entry.getValue(), other.get(entry.getKey())));
    }
}
