package io.streamx.spring;

import io.streamx.tls.ClientTls;
import io.streamx.tls.ServerTls;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** Makes TLS settings of SSL bundles, and follows the updates of those. Safe from any thread. */
final class BundledTls {
    private static final Logger LOG = LoggerFactory.getLogger(BundledTls.class);
    private final ObjectProvider<SslBundles> bundles;
    private final Map<String, ReloadedCredentials> byName = new ConcurrentHashMap<>();

    BundledTls(ObjectProvider<SslBundles> bundles) {
        this.bundles = bundles;
    }

    ServerTls ofServer(StreamXServerProperties.Ssl settings) {
        ReloadedCredentials credentials = credentials("streamx.server.ssl.bundle", settings.bundle());
        if (!credentials.hasKey()) {
            throw new StreamXSetupException(
                    "SSL bundle '" + settings.bundle()
                            + "', named by streamx.server.ssl.bundle, has no key to show clients.",
                    "Give the bundle a keystore with a private key and its certificate.");
        }
        ServerTls.Builder tls = ServerTls.builder().identity(credentials.keys());
        switch (settings.clientAuth()) {
            case NONE -> {}
            case WANT -> tls.acceptClientCertificates(credentials.trust());
            case NEED -> tls.requireClientCertificates(credentials.trust());
        }
        if (settings.allowClearText()) {
            tls.allowClearText();
        }
        PropertyMapper.get().from(settings.engine()).to(tls::engine);
        return tls.build();
    }

    ClientTls ofClient(String prefix, StreamXClientProperties.Ssl settings) {
        ClientTls.Builder tls = ClientTls.builder();
        String bundle = settings.bundle();
        if (bundle != null) {
            ReloadedCredentials credentials = credentials(prefix + ".ssl.bundle", bundle);
            tls.trust(credentials.trust());
            if (credentials.hasKey()) {
                tls.identity(credentials.keys());
            }
        }
        PropertyMapper map = PropertyMapper.get();
        map.from(settings.serverName()).to(tls::serverName);
        map.from(settings.engine()).to(tls::engine);
        if (!settings.verifyHostname()) {
            tls.withoutHostVerification();
        }
        return tls.build();
    }

    private ReloadedCredentials credentials(String setting, String name) {
        return byName.computeIfAbsent(name, bundle -> read(setting, bundle));
    }

    private ReloadedCredentials read(String setting, String name) {
        SslBundles all = bundles.getIfAvailable();
        try {
            if (all == null) {
                throw new NoSuchSslBundleException(name, "no SSL bundles are there");
            }
            SslBundle bundle = all.getBundle(name);
            if (bundle.getOptions().isSpecified()) {
                LOG.warn(
                        "options of SSL bundle '{}' are not used by StreamX, which takes TLS 1.3 and 1.2 with ciphers"
                                + " of its own",
                        name);
            }
            ReloadedCredentials credentials = new ReloadedCredentials(name, bundle);
            all.addBundleUpdateHandler(name, updated -> {
                credentials.update(updated);
                LOG.info("SSL bundle '{}' was updated; connections from now on use it", name);
            });
            return credentials;
        } catch (NoSuchSslBundleException e) {
            throw new StreamXSetupException(
                    "There is no SSL bundle '" + name + "', which " + setting + " names"
                            + (all == null ? "." : "; there are " + all.getBundleNames() + "."),
                    "Define it below spring.ssl.bundle.pem." + name + " or spring.ssl.bundle.jks." + name + ".",
                    e);
        }
    }
}
